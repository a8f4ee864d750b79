"""What a designer calls the parts of a diagram: by their names, and where there is none by what stands beside them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from staffel.engine.bpmn.model import Definitions, Flow, Node, Scope
from staffel.engine.bpmn.words import NAMES

Label = tuple[str, str]
"""German and English."""


def labels_of(definitions: Definitions) -> Mapping[str, Label]:
    """The labels of all nodes and flows of a file by id."""
    found: dict[str, Label] = {}
    for process in definitions.processes.values():
        found[process.id] = (process.name or process.id,) * 2
        for scope in _scopes(process.scope):
            before, after = _named_neighbours(scope)
            for node in scope.nodes.values():
                found[node.id] = _of_node(node, before.get(node.id), after.get(node.id))
            for flow in scope.flows.values():
                found[flow.id] = _of_flow(flow, found)
    return found


def _scopes(scope: Scope) -> Iterator[Scope]:
    yield scope
    for node in scope.walk():
        if node.body is not None:
            yield node.body


def _named_neighbours(scope: Scope) -> tuple[dict[str, str], dict[str, str]]:
    """By node, the name of the first node before it that has one, and of the first after it."""
    before: dict[str, str] = {}
    after: dict[str, str] = {}
    for flow in scope.flows.values():
        source, target = scope.nodes.get(flow.source), scope.nodes.get(flow.target)
        if source is not None and source.name:
            before.setdefault(flow.target, source.name)
        if target is not None and target.name:
            after.setdefault(flow.source, target.name)
    return before, after


def _of_node(node: Node, before: str | None, after: str | None) -> Label:
    """`Antrag prüfen`, or `exklusives Gateway nach ‚Antrag prüfen‘`; the id only where there is nothing else."""
    if node.name:
        return node.name, node.name
    german, english = NAMES.get(node.type.value, (node.type.value, node.type.value))
    if before is not None:
        return f"{german} nach ‚{before}‘", f'{english} after "{before}"'
    if after is not None:
        return f"{german} vor ‚{after}‘", f'{english} before "{after}"'
    return f"{german} {node.id}", f"{english} {node.id}"


def _of_flow(flow: Flow, nodes: Mapping[str, Label]) -> Label:
    """`ja (Vollständig? → Antrag prüfen)`."""
    ends = [
        f"{nodes.get(flow.source, (flow.source,) * 2)[language]} → {nodes.get(flow.target, (flow.target,) * 2)[language]}"
        for language in (0, 1)
    ]
    if flow.name:
        return f"{flow.name} ({ends[0]})", f"{flow.name} ({ends[1]})"
    return ends[0], ends[1]
