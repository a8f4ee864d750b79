"""Draws sequence flows as right-angled lines through the gaps of the grid."""

from __future__ import annotations

from typing import Final

from staffel.engine.bpmn.layout.boxes import Point, Shape
from staffel.engine.bpmn.layout.grid import Grid

_STEP: Final = 6.0


class Router:
    """Remembers how many lines run in each gap, so that they lie beside each other."""

    def __init__(self, grid: Grid) -> None:
        self.grid = grid
        self.used: dict[tuple[str, int], int] = {}

    def shifted(self, kind: str, number: int, place: float) -> float:
        """A place in a gap, a little apart from the lines already there."""
        count = self.used.get((kind, number), 0)
        self.used[kind, number] = count + 1
        return place + _STEP * ((count + 1) // 2) * (1 if count % 2 else -1) * (1 if count < 9 else 0)

    def route(self, source: tuple[int, Shape], target: tuple[int, Shape], *, from_below: bool) -> list[Point]:
        """The points of a flow between two placed nodes; `from_below` for boundary events, which leave downwards."""
        first, start = source
        last, end = target
        column, row = self.grid.column, self.grid.row
        if from_below:
            return self._downwards(first, start, last, end)
        if column[last] <= column[first]:
            return self._back(first, start, last, end)
        if row[first] == row[last]:
            if self.grid.free(row[first], column[first] + 1, column[last] - 1):
                return [_right(start), _left(end)]
            return self._around(first, start, last, end)
        return self._across(first, start, last, end)

    def _across(self, first: int, start: Shape, last: int, end: Shape) -> list[Point]:
        grid = self.grid
        (c1, r1), (c2, r2) = (grid.column[first], grid.row[first]), (grid.column[last], grid.row[last])
        down = r2 > r1
        if start.marker and grid.free(r2, c1, c2 - 1) and grid.free_down(c1, r1 + (1 if down else -1), r2):
            middle = start.middle[0]
            leave = (middle, start.y + start.height if down else start.y)
            return [leave, (middle, end.middle[1]), _left(end)]
        if start.marker:
            return self._from_gateway(first, start, last, end)
        if grid.free(r1, c1 + 1, c2 - 1):
            turn = self.shifted("column", c2, grid.before(c2))
        elif grid.free(r2, c1 + 1, c2 - 1):
            turn = self.shifted("column", c1 + 1, grid.after(c1))
        else:
            return self._around(first, start, last, end)
        return [_right(start), (turn, start.middle[1]), (turn, end.middle[1]), _left(end)]

    def _from_gateway(self, first: int, start: Shape, last: int, end: Shape) -> list[Point]:
        """Down (or up) into the gap beside the gateway's row, along it, and into the target."""
        grid = self.grid
        row, column = grid.row[first], grid.column[last]
        down = grid.row[last] > row
        beside = row if down else row - 1
        level = self.shifted("row", beside, grid.below(beside))
        turn = self.shifted("column", column, grid.before(column))
        middle = start.middle[0]
        leave = (middle, start.y + start.height if down else start.y)
        return [leave, (middle, level), (turn, level), (turn, end.middle[1]), _left(end)]

    def _around(self, first: int, start: Shape, last: int, end: Shape) -> list[Point]:
        """Through the gap under the upper row, past what stands in the way."""
        grid = self.grid
        c1, c2 = grid.column[first], grid.column[last]
        row = min(grid.row[first], grid.row[last]) if grid.row[first] != grid.row[last] else grid.row[first]
        leave = self.shifted("column", c1 + 1, grid.after(c1))
        enter = self.shifted("column", c2, grid.before(c2))
        level = self.shifted("row", row, grid.below(row))
        points = [_right(start), (leave, start.middle[1]), (leave, level), (enter, level)]
        return [*points, (enter, end.middle[1]), _left(end)]

    def _back(self, first: int, start: Shape, last: int, end: Shape) -> list[Point]:
        """A flow back to the left: down into the gap, left, and up from below or in from the left."""
        grid = self.grid
        row = grid.row[first]
        level = self.shifted("row", row, grid.below(row))
        down = (start.middle[0], start.y + start.height)
        if grid.row[last] == row and first != last:
            middle = end.middle[0]
            return [down, (down[0], level), (middle, level), (middle, end.y + end.height)]
        column = grid.column[last]
        enter = self.shifted("column", column, grid.before(column))
        return [down, (down[0], level), (enter, level), (enter, end.middle[1]), _left(end)]

    def _downwards(self, host: int, start: Shape, last: int, end: Shape) -> list[Point]:
        """From a boundary event: straight down and right where the way is free, else through the gap."""
        grid = self.grid
        middle, bottom = start.middle[0], start.y + start.height
        (c1, r1), (c2, r2) = (grid.column[host], grid.row[host]), (grid.column[last], grid.row[last])
        if r2 > r1 and c2 > c1 and grid.free_down(c1, r1 + 1, r2) and grid.free(r2, c1, c2 - 1):
            return [(middle, bottom), (middle, end.middle[1]), _left(end)]
        level = self.shifted("row", r1, grid.below(r1))
        enter = self.shifted("column", c2, grid.before(c2))
        return [(middle, bottom), (middle, level), (enter, level), (enter, end.middle[1]), _left(end)]


def _right(shape: Shape) -> Point:
    return shape.x + shape.width, shape.middle[1]


def _left(shape: Shape) -> Point:
    return shape.x, shape.middle[1]
