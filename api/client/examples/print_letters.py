"""An example worker: takes the topic `drucken` and writes a letter per piece of work into a folder.

    STAFFEL_URL=https://staffel.example STAFFEL_TOKEN=… python print_letters.py OUT

It shows what a worker must get right: the letter is named by the work's id, so that a second try makes no second letter
(effects are at least once, ADR 0006); what the model knows (no address) is a BPMN error; what may go away by itself (the
disk) is a failure that is tried again. `--once` works until there is nothing left and ends.
"""

from __future__ import annotations

import argparse
import os
import signal
import socket
import sys
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from staffel_client import BpmnError, Failure, StaffelClient, Work, Worker

TOPIC = "drucken"


class Letters:
    """The folder that stands for a printer."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def print_letter(self, work: Work) -> Mapping[str, Any]:
        """Write the letter; what it returns becomes variables of the case."""
        address = str(work.payload.get("anschrift") or "")
        if not address:
            raise BpmnError("anschrift-fehlt")
        letter = self.folder / f"{work.id}.txt"
        try:
            letter.write_text(f"{address}\n\nAktenzeichen {work.reference}\n", encoding="utf-8")
        except OSError as error:
            raise Failure(f"the letter could not be written: {error.strerror}") from error
        return {"druck": str(work.id)}


def main() -> int:
    """Read the environment, work, end on SIGTERM or Ctrl-C."""
    read = argparse.ArgumentParser(description="Example worker of Staffel")
    read.add_argument("folder", type=Path)
    read.add_argument("--once", action="store_true", help="end when there is nothing left to do")
    asked = read.parse_args()
    asked.folder.mkdir(parents=True, exist_ok=True)
    name = f"print-letters@{socket.gethostname()}-{os.getpid()}"
    stop = threading.Event()
    for ending in (signal.SIGTERM, signal.SIGINT):
        signal.signal(ending, lambda *_: stop.set())
    with StaffelClient(os.environ["STAFFEL_URL"], os.environ["STAFFEL_TOKEN"], worker=name) as client:
        worker = Worker(client, {TOPIC: Letters(asked.folder).print_letter})
        if asked.once:
            while worker.run_once():
                pass
        else:
            worker.run(stop)
    return 0


if __name__ == "__main__":
    sys.exit(main())
