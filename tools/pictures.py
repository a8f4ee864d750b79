"""`make pictures`: the pictures of the README, taken from a running demo.

Without `--address` a small demo of its own is made and served, or the one in STAFFEL_DATABASE_URL. The model with findings stands in
`tests/story`; the comparison shows the reference process Rechtskreiswechsel in Köln and Rheine.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright

from staffel.api.cli.serve import address, with_free_port
from staffel.api.settings import Settings
from staffel.engine.simulation.demo import DEMO_PASSWORD
from tools.browser import NEEDED, find_browser, launch

ROOT = Path(__file__).resolve().parent.parent
OUT = ROOT / "docs" / "pictures"
MODEL = ROOT / "tests" / "story" / "mit_fehlern.bpmn"
SIZE: ViewportSize = {"width": 1360, "height": 900}
PROCESS = "Rechtskreiswechsel"
TOWNS = ("Köln", "Rheine")
CASEWORKERS = tuple(f"{town}.{unit}" for town in ("koeln", "muenster") for unit in ("lb", "abh", "jc"))


@contextmanager
def serving(cases: int) -> Iterator[str]:
    """The address of a demo with so many finished cases, where the database that the environment names holds none yet."""
    settings = with_free_port(Settings(port=8123))
    staffel = Path(sys.executable).parent / "staffel"
    with tempfile.TemporaryDirectory() as folder:
        environment = {"STAFFEL_DATABASE_URL": f"sqlite:///{folder}/demo.db", **os.environ}
        amount = ["--finished", str(cases), "--open", str(cases // 10), "--port", str(settings.port)]
        with subprocess.Popen([staffel, "demo", *amount], env=environment) as server:
            try:
                wait_for(f"{address(settings)}api/v1/health/ready")
                yield address(settings)
            finally:
                server.terminate()


def wait_for(url: str, patience: float = 300.0) -> None:
    """Until the address answers. Raises `TimeoutError`."""
    end = time.monotonic() + patience
    while time.monotonic() < end:
        try:
            with urllib.request.urlopen(url, timeout=5):
                return
        except OSError:
            time.sleep(0.5)
    raise TimeoutError(f"{url} did not answer within {patience:.0f} s")


def sign_in(browser: Browser, base: str, login: str) -> Page:
    """A signed-in page in light colours."""
    context = browser.new_context(base_url=base, viewport=SIZE, color_scheme="light", locale="de-DE")
    page = context.new_page()
    page.goto("/anmelden")
    page.get_by_label("Kennung").fill(login)
    page.get_by_label("Kennwort").fill(DEMO_PASSWORD)
    page.get_by_role("button", name="Anmelden").click()
    page.wait_for_url(re.compile(r"^(?!.*/anmelden)"))
    return page


def designer(browser: Browser, base: str) -> Page:
    """The report of a model with faults."""
    page = sign_in(browser, base, "koeln.prozessdesign")
    page.goto("/modelle/hochladen")
    page.locator("#dateien").set_input_files(MODEL)
    page.get_by_role("button", name="Hochladen und prüfen").click()
    page.locator(".djs-container").first.wait_for()
    return page


def caseworker(browser: Browser, base: str) -> Page:
    """A claimed task with a form, of the first Stelle that has an open one."""
    for login in CASEWORKERS:
        page = sign_in(browser, base, login)
        page.goto("/eingang")
        if page.locator("tbody th a").count():
            break
    page.locator("tbody th a").first.click()
    claim = page.get_by_role("button", name="Übernehmen")
    if claim.count():
        claim.first.click()
    page.locator(".djs-container").first.wait_for()
    return page


def analyst(browser: Browser, base: str) -> Page:
    """Two municipalities on one process."""
    page = sign_in(browser, base, "koeln.analyse")
    page.goto("/vergleich")
    select = page.get_by_label("Prozess")
    names = select.locator("option").all_inner_texts()
    select.select_option(label=next(name for name in names if name.startswith(PROCESS)))
    for box in page.locator("input[name=kommune]").all():
        box.uncheck()
    for town in TOWNS:
        page.get_by_label(town, exact=True).check()
    page.get_by_role("button", name="Vergleichen").click()
    page.locator("figure svg").first.wait_for()
    page.locator("#ganzes").scroll_into_view_if_needed()
    page.evaluate("document.getElementById('ganzes').scrollIntoView()")
    return page


VIEWS = {"designer": designer, "caseworker": caseworker, "analyst": analyst}


def main() -> None:
    """Take the pictures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--address", help="a running demo (default: one of its own)")
    parser.add_argument("--out", type=Path, default=OUT, help="folder of the pictures")
    parser.add_argument("--cases", type=int, default=3000, help="finished cases of the demo of its own")
    arguments = parser.parse_args()
    if find_browser() is None:
        sys.exit(f"needs {NEEDED}")
    arguments.out.mkdir(parents=True, exist_ok=True)
    if arguments.address:
        take(arguments.address, arguments.out)
    else:
        with serving(arguments.cases) as base:
            take(base, arguments.out)


def take(base: str, out: Path) -> None:
    """One picture a view."""
    with sync_playwright() as playwright:
        browser = launch(playwright)
        for name, view in VIEWS.items():
            page = view(browser, base)
            page.wait_for_timeout(500)  # let diagrams settle
            page.screenshot(path=out / f"{name}.png")
            print(out / f"{name}.png")
        browser.close()


if __name__ == "__main__":
    main()
