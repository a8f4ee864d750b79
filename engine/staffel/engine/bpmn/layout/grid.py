"""Puts nodes on a grid: columns from the ranking, rows so that flows stay straight, lanes as bands of rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import accumulate

from staffel.engine.bpmn.layout.boxes import COLUMN_GAP, PADDING, ROW_GAP
from staffel.engine.bpmn.layout.ranks import Edge, Place


@dataclass(slots=True)
class Grid:
    """Cells by node; where columns and rows begin and how large they are; the first and last row of each band."""

    column: list[int]
    row: list[int]
    lefts: list[float] = field(default_factory=list)
    widths: list[float] = field(default_factory=list)
    tops: list[float] = field(default_factory=list)
    heights: list[float] = field(default_factory=list)
    bands: list[tuple[int, int]] = field(default_factory=list)
    taken: dict[tuple[int, int], int] = field(default_factory=dict)

    def free(self, row: int, first: int, last: int) -> bool:
        """Whether no node stands in a row between two columns (both included)."""
        return all((column, row) not in self.taken for column in range(first, last + 1))

    def free_down(self, column: int, first: int, last: int) -> bool:
        """Whether no node stands in a column between two rows (both included)."""
        low, high = min(first, last), max(first, last)
        return all((column, row) not in self.taken for row in range(low, high + 1))

    def below(self, row: int) -> float:
        """The place for lines in the gap under a row."""
        return self.tops[row] + self.heights[row] + ROW_GAP * 0.45

    def before(self, column: int) -> float:
        """The middle of the gap left of a column."""
        return self.lefts[column] - COLUMN_GAP / 2

    def after(self, column: int) -> float:
        """The middle of the gap right of a column."""
        return self.lefts[column] + self.widths[column] + COLUMN_GAP / 2


def build(
    places: Sequence[Place],
    sizes: Sequence[tuple[float, float]],
    edges: Sequence[Edge],
    band_of: Sequence[int],
    bands: int,
    *,
    aside: frozenset[int] = frozenset(),
) -> Grid:
    """The grid of a scope. `band_of` gives the band (lane) of each node, 0 when there are none.

    `aside` are nodes that only boundary events lead to: they stand below the element the event is attached to.
    """
    column = [place[0] for place in places]
    local = _rows(places, edges, band_of, aside)
    row, ranges = _stack(local, band_of, bands)
    grid = Grid(column, row, bands=ranges)
    grid.taken = {(column[node], row[node]): node for node in range(len(column))}
    columns, rows = max(column, default=0) + 1, max((last for _, last in ranges), default=0) + 1
    grid.widths, grid.heights = [50.0] * columns, [80.0] * rows
    for node, (width, height) in enumerate(sizes):
        grid.widths[column[node]] = max(grid.widths[column[node]], width)
        grid.heights[row[node]] = max(grid.heights[row[node]], height)
    steps = [width + COLUMN_GAP for width in grid.widths]
    grid.lefts = [PADDING + start for start in accumulate([0.0, *steps[:-1]])]
    falls = [height + ROW_GAP for height in grid.heights]
    grid.tops = [PADDING + start for start in accumulate([0.0, *falls[:-1]])]
    return grid


def _rows(
    places: Sequence[Place], edges: Sequence[Edge], band_of: Sequence[int], aside: frozenset[int]
) -> list[int]:
    """A row inside its band for every node: that of its predecessor there when free, else the nearest free one."""
    before: dict[int, list[int]] = {}
    for source, target in edges:
        before.setdefault(target, []).append(source)
    free = _Rows()
    rows = [0] * len(places)
    done: set[int] = set()
    order = sorted(
        range(len(places)), key=lambda index: (places[index][0], index in aside, places[index][1], index)
    )
    for node in order:
        band, column = band_of[node], places[node][0]
        wished = [rows[other] for other in before.get(node, ()) if other in done and band_of[other] == band]
        rows[node] = free.nearest(min(wished, default=0) + (node in aside), column, band)
        done.add(node)
    return rows


class _Rows:
    """Finds the free row nearest to the one wished for, and remembers how far it had to look."""

    def __init__(self) -> None:
        self.taken: set[tuple[int, int, int]] = set()
        self.looked: dict[tuple[int, int, int], int] = {}

    def nearest(self, wished: int, column: int, band: int) -> int:
        distance = self.looked.get((column, band, wished), 0)
        while True:
            for candidate in (wished + distance, wished - distance):
                if candidate >= 0 and (column, band, candidate) not in self.taken:
                    self.taken.add((column, band, candidate))
                    self.looked[column, band, wished] = distance
                    return candidate
            distance += 1


def _stack(
    local: Sequence[int], band_of: Sequence[int], bands: int
) -> tuple[list[int], list[tuple[int, int]]]:
    """Rows counted through all bands, and the first and last row of each."""
    highest = [0] * bands
    for node, number in enumerate(local):
        highest[band_of[node]] = max(highest[band_of[node]], number)
    first = list(accumulate([0, *(highest[band] + 1 for band in range(bands))]))
    ranges = [(first[band], first[band] + highest[band]) for band in range(bands)]
    return [first[band_of[node]] + local[node] for node in range(len(local))], ranges
