"""Small BPMN files for the tests of reading."""

from __future__ import annotations

from itertools import pairwise

HEAD = (
    '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" '
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
    'xmlns:staffel="urn:staffel:bpmn:1" xmlns:camunda="http://camunda.org/schema/1.0/bpmn" '
    'xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" xmlns:flowable="http://flowable.org/bpmn" '
    'xmlns:x="urn:vendor" xmlns:t="urn:t" id="D" targetNamespace="urn:t">\n'
)


def model(body: str, *, roots: str = "", before: str = "", executable: str = ' isExecutable="true"') -> bytes:
    """A file with one process `P` holding `body`; `roots` stand after it, `before` in front of it."""
    return f'{HEAD}{before}<process id="P"{executable}>\n{body}\n</process>{roots}</definitions>'.encode()


def chain(*nodes: str) -> str:
    """Nodes (`userTask id="A"` or a whole element) between start and end, joined by flows f1, f2, …"""
    elements = [node if node.startswith("<") else f"<{node}/>" for node in nodes]
    ids = ["start", *(element.partition('id="')[2].partition('"')[0] for element in elements), "end"]
    flows = [
        f'<sequenceFlow id="f{number}" sourceRef="{one}" targetRef="{other}"/>'
        for number, (one, other) in enumerate(pairwise(ids), 1)
    ]
    return "\n".join(['<startEvent id="start"/>', *elements, '<endEvent id="end"/>', *flows])


def task(name: str, extension: str, *, identity: str = "A", attributes: str = "", inside: str = "") -> str:
    """An element with extension elements."""
    return f'<{name} id="{identity}" {attributes}><extensionElements>{extension}</extensionElements>{inside}</{name}>'


def long_chain(length: int) -> bytes:
    """A process of `length` nodes in a row."""
    return model(chain(*(f'userTask id="T{number}" name="Schritt {number}"' for number in range(length - 2))))
