"""What `make bench` measures is really done: every shape is played to its end, every rule gives its value."""

from __future__ import annotations

import pytest
from tools.bench import models
from tools.bench.rules import ROWS, TEXTS, staffel
from tools.bench.shapes import SHAPES, Shape, kernel_play, program_of

SIZES = {
    "sequence_10": 3,
    "sequence_100": 4,
    "sequence_800": 5,
    "parallel_50": 3,
    "depth_50": 4,
    "items_10000": 7,
}


@pytest.mark.parametrize("name", SHAPES)
def test_every_shape_takes_its_steps(name: str) -> None:
    size = SIZES.get(name, SHAPES[name].size)

    seconds = kernel_play(Shape(SHAPES[name].model, size))()

    completions = {"depth_50": 1, "items_10000": 0}.get(name, size)
    assert len(seconds) == 1 + completions


@pytest.mark.parametrize("nodes", [100, 1_000])
def test_the_compiled_models_have_about_so_many_nodes(nodes: int) -> None:
    assert abs(len(program_of(models.blocks(nodes)).elements) - nodes) <= 6


def test_each_expression_and_the_table_give_the_value_that_all_engines_must_give() -> None:
    peer = staffel()

    assert {name: work() for name, work in peer.evaluate.items()} == {
        **{name: text.value for name, text in TEXTS.items()},
        "table_20": ROWS - 2,
    }
