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
    paired,
)
from tools.bench.inbox import measure_inbox
from tools.bench.rules import measure_rules
from tools.bench.shapes import measure_models, measure_shapes
from tools.bench.statements import statements_per_completion

TURN = 10
"""Cases per turn in memory: after a neighbour's turn the first ones find the processor's caches cold."""
OPEN_CASES = 30_000
FEWER_OPEN_CASES = 600
"""With fewer rounds than `MANY_ROUNDS`, which take half a minute in all."""
MANY_ROUNDS = 30
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
        in_memory, in_stores = measure(memory, max(1, rounds // 3), TURN, alone=True), measure(stored, rounds)
        return {
            "kernel_vs_spiffworkflow": paired(in_memory, "spiffworkflow", "kernel"),
            "kernel_saved_vs_spiffworkflow": paired(in_memory, "spiffworkflow", "kernel_saved"),
            "sqlite_vs_floor": paired(in_stores, "sqlite", "sqlite_floor"),
            "postgresql_vs_floor": paired(in_stores, "postgresql", "postgresql_floor"),
            "state_bytes": saved.state_bytes,
            "spiffworkflow_state_bytes": peer.state_bytes,
            "sqlite_statements": statements_per_completion(sqlite),
            "postgresql_statements": statements_per_completion(postgresql),
            "medians_us": medians(in_memory | in_stores),
            "rounds": rounds,
            "python": platform.python_version(),
        }


def main() -> None:
    """Measure, write, tell."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=60, help="cases per contestant (default: 60)")
    arguments = parser.parse_args()
    result = run(arguments.rounds)
    fewer = max(2, min(arguments.rounds // 6, 5))
    open_cases = OPEN_CASES if arguments.rounds >= MANY_ROUNDS else FEWER_OPEN_CASES
    result |= {
        "shapes": measure_shapes(fewer),
        "models": measure_models(fewer),
        "rules": measure_rules(fewer),
        "inbox": measure_inbox(open_cases, fewer),
    }
    OUT.parent.mkdir(exist_ok=True)
    OUT.write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")
    _tell_human_case(result)
    _tell_shapes(result)
    _tell_rules(result["rules"])
    _tell_inbox(result["inbox"], open_cases)
    print(f"written to var/{OUT.name}")


def _tell_human_case(result: dict[str, Any]) -> None:
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


def _tell_shapes(result: dict[str, Any]) -> None:
    print("shapes:            µs a step   SpiffWorkflow    ratio   last tenth to first")
    for name, each in result["shapes"].items():
        print(
            f"  {name:14} {each['us_per_step']:11.1f} {each['spiffworkflow_us_per_step']:15.1f} "
            f"{each['vs_spiffworkflow']:8.1f}   {each.get('last_to_first', '')}"
        )
    print("models:           ms compile   SpiffWorkflow    ratio   ms check")
    for name, each in result["models"].items():
        print(
            f"  {name + ' nodes':14} {each['compile_ms']:11.1f} {each['spiffworkflow_ms']:15.1f} "
            f"{each['vs_spiffworkflow']:8.1f}   {each['check_ms']}"
        )


def _tell_rules(found: dict[str, Any]) -> None:
    print("rules, microseconds:")
    for engine, each in found.items():
        if "missing" in each:
            print(f"  {engine}: left out, {each['missing']}")
            continue
        for part, values in each.items() if engine != "vs_cel_python" else [("times", each)]:
            print(f"  {engine} {part}: " + ", ".join(f"{text} {value}" for text, value in values.items()))


def _tell_inbox(found: dict[str, Any], open_cases: int) -> None:
    heads = "".join(f"{name + ' ms':>16}   ratio" for name in found)
    print(f"inbox, {open_cases} open cases:{'':10}{heads}")
    for page in next(iter(found.values())):
        cells = "".join(f"{each[page]['ms']:16.1f}{each[page]['vs_few']:8.1f}" for each in found.values())
        print(f"  {page:34}{cells}")


if __name__ == "__main__":
    main()
