"""`make bench`: measure, print ratios, write `var/bench.json`."""

from __future__ import annotations

import argparse
import json
import platform
import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from tools.bench.human_case import (
    Contestant,
    InMemory,
    SpiffWorkflow,
    measure,
    medians,
    on_postgresql,
    on_sqlite,
)
from tools.bench.statements import statements_per_completion

TURN = 10
"""Cases per turn in memory: after a neighbour's turn the first ones find the processor's caches cold."""
OUT = Path(__file__).resolve().parents[2] / "var" / "bench.json"


def run(rounds: int) -> dict[str, Any]:
    """The human case: medians in microseconds per completion, and what follows from them."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        kernel, saved, peer = InMemory(saved=False), InMemory(saved=True), SpiffWorkflow()
        sqlite, sqlite_floor = stack.enter_context(on_sqlite(folder))
        postgresql, postgresql_floor = stack.enter_context(on_postgresql(folder))
        memory: dict[str, Contestant] = {"kernel": kernel, "kernel_saved": saved, "spiffworkflow": peer}
        stored: dict[str, Contestant] = {
            "sqlite": sqlite,
            "sqlite_floor": sqlite_floor,
            "postgresql": postgresql,
            "postgresql_floor": postgresql_floor,
        }
        found = medians(measure(memory, rounds // 3, TURN) | measure(stored, rounds))
        return {
            "kernel_vs_spiffworkflow": _ratio(found["spiffworkflow"], found["kernel"]),
            "kernel_saved_vs_spiffworkflow": _ratio(found["spiffworkflow"], found["kernel_saved"]),
            "sqlite_vs_floor": _ratio(found["sqlite"], found["sqlite_floor"]),
            "postgresql_vs_floor": _ratio(found["postgresql"], found["postgresql_floor"]),
            "state_bytes": saved.state_bytes,
            "spiffworkflow_state_bytes": peer.state_bytes,
            "sqlite_statements": statements_per_completion(sqlite),
            "postgresql_statements": statements_per_completion(postgresql),
            "medians_us": found,
            "rounds": rounds,
            "python": platform.python_version(),
        }


def _ratio(above: float, below: float) -> float:
    return round(above / below, 2)


def main() -> None:
    """Measure and tell."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=60, help="cases per contestant (default: 60)")
    arguments = parser.parse_args()
    result = run(arguments.rounds)
    OUT.parent.mkdir(exist_ok=True)
    OUT.write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")
    print("human case, microseconds per completion (median):")
    for name, value in result["medians_us"].items():
        print(f"  {name:18} {value:10.1f}")
    for name in (
        "kernel_vs_spiffworkflow",
        "kernel_saved_vs_spiffworkflow",
        "sqlite_vs_floor",
        "postgresql_vs_floor",
        "state_bytes",
        "spiffworkflow_state_bytes",
        "sqlite_statements",
        "postgresql_statements",
    ):
        print(f"{name:32} {result[name]}")
    print(f"written to var/{OUT.name}")


if __name__ == "__main__":
    main()
