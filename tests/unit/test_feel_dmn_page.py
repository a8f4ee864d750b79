"""The page on FEEL and DMN on their own says what is true: its examples are run."""

import doctest
import subprocess
import sys
from pathlib import Path

PAGE = Path(__file__).parents[2] / "docs" / "feel-dmn.md"


def test_the_examples_of_the_page_give_what_it_says() -> None:
    failed, tried = doctest.testfile(str(PAGE), module_relative=False, encoding="utf-8")
    assert (failed, tried > 15) == (0, True)


def test_feel_and_dmn_load_nothing_of_the_rest() -> None:
    code = (
        "import sys, staffel.engine.feel, staffel.engine.dmn\n"
        "own = [m for m in sys.modules if m.startswith('staffel.engine.')]\n"
        "print(sorted({m.split('.')[2] for m in own}), 'sqlalchemy' in sys.modules, 'fastapi' in sys.modules)"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert said.strip() == "['dmn', 'feel', 'xml'] False False"
