"""`make conformance`: run the suites that are present, write `var/conformance.json` and the tables of the document.

A suite is a folder in `../shared/conformance` with material of others, and a module `suite.py` of the same subject in
`tests/conformance` that runs it through Staffel's public functions.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
MATERIAL = ROOT.parent / "shared" / "conformance"
SUITES = {
    "token-simulation": "token_simulation",
    "dmn-tck": "dmn_tck",
    "bpmnspector": "bpmnspector",
    "miwg": "miwg",
}
DOCUMENT = ROOT / "docs" / "conformance.md"


def load_suite(name: str) -> ModuleType:
    """The module `tests/conformance/NAME/suite.py`."""
    file = ROOT / "tests" / "conformance" / name / "suite.py"
    spec = importlib.util.spec_from_file_location(f"staffel_conformance_{name}", file)
    if spec is None or spec.loader is None:
        raise FileNotFoundError(file)
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def run(material: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """Name and result of every suite that is present."""
    for folder, name in SUITES.items():
        if not (material / folder).is_dir():
            print(f"{folder:18} not present: expected {material / folder}")
            continue
        yield folder, _plain(load_suite(name).run_suite(material / folder))
    yield "elements", _plain(load_suite("elements").run_suite())


def _plain(result: Any) -> dict[str, Any]:
    plain = {"passed": result.passed, "of": result.total, "failing": sorted(result.failing)}
    folders = getattr(result, "folders", {})
    levels = {name.partition("/")[0]: (0, 0) for name in folders}
    for name, (passed, total) in folders.items():
        level = name.partition("/")[0]
        levels[level] = levels[level][0] + passed, levels[level][1] + total
    return plain | ({"levels": levels, "folders": folders} if folders else {})


def write_document() -> None:
    """Write the tables of the elements anew."""
    text = DOCUMENT.read_text(encoding="utf-8")
    DOCUMENT.write_text(load_suite("elements").document(text), encoding="utf-8")


def main() -> int:
    """Run, print, write. Exit code 0 also where cases fail: the tests say which failures are known."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--material", type=Path, default=MATERIAL, help="folder that holds the suites")
    parser.add_argument("--verbose", action="store_true", help="name every failing case")
    arguments = parser.parse_args()
    results = {}
    for name, result in run(arguments.material):
        results[name] = result
        print(f"{name:18} {result['passed']:5} of {result['of']}")
        for level, (passed, total) in result.get("levels", {}).items():
            print(f"  {level:45} {passed:5} of {total:5}  {passed / total:7.2%}")
            for folder, (good, of) in result["folders"].items():
                if folder.startswith(f"{level}/"):
                    print(
                        f"    {folder.partition('/')[2]:43} {good:5} of {of:5}{'' if good == of else '  !'}"
                    )
        for each in result["failing"] if arguments.verbose else ():
            print(f"    {each}")
    file = ROOT / "var" / "conformance.json"
    file.parent.mkdir(exist_ok=True)
    file.write_text(json.dumps(results, indent=2) + "\n", encoding="utf-8")
    write_document()
    print(f"written to {file.relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
