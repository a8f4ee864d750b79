"""Models in a few lines, played in memory."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from staffel.engine.bpmn import read_bpmn
from staffel.engine.bpmn.model import Definitions
from staffel.engine.kernel import Parts
from staffel.engine.play import Player

HEAD = (
    '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:staffel="urn:staffel:bpmn:1" '
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" targetNamespace="t">'
)


def definitions(body: str, roots: str = "") -> Definitions:
    """A file with one process `P`. `a -> b` lines become sequence flows `a_b`; `a -> b : x > 1` conditional ones."""
    lines = []
    for line in body.strip().splitlines():
        source, arrow, rest = line.strip().partition(" -> ")
        if not arrow or source.startswith("<"):
            lines.append(line)
            continue
        target, _, condition = rest.partition(" : ")
        text = condition.replace("<", "&lt;").replace(">", "&gt;")
        inner = f"<conditionExpression>{text}</conditionExpression>" if condition else ""
        lines.append(
            f'<sequenceFlow id="{source}_{target}" sourceRef="{source}" targetRef="{target}">{inner}</sequenceFlow>'
        )
    text = f'{HEAD}{roots}<process id="P" isExecutable="true">{"".join(lines)}</process></definitions>'
    reading = read_bpmn(text.encode())
    assert reading.definitions is not None, reading.findings
    return reading.definitions


@pytest.fixture
def play() -> Callable[..., Player]:
    """Make a player of a process body."""

    def make(body: str, roots: str = "", **parts: Any) -> Player:
        return Player(definitions(body, roots), parts=Parts(**parts))

    return make
