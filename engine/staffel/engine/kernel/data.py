"""Data into and out of elements: mappings, data associations, what calls hand on, what loop items collect (§10.4, §13.3)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from staffel.engine.bpmn.model import MultiInstance, NodeType
from staffel.engine.kernel.events import StateChanged
from staffel.engine.kernel.program import Element, LoopPlan, TransferPlan
from staffel.engine.kernel.run import NOTHING, Run


class Unavailable(Exception):  # noqa: N818 - not an error: the activity waits
    """No input set of the activity is available; it waits until one of these variables changes."""

    def __init__(self, reads: tuple[str, ...]) -> None:
        super().__init__(reads)
        self.reads = reads


def read(run: Run, key: int, element: Element) -> None:
    """Fill the local variables of an element instance before it begins."""
    place = run.state.places[key]
    values: dict[str, Any] = {}
    loop = element.loop
    if place.index is not None and loop is not None and loop.item is not None:
        run.set(key, {loop.item: _item(run, place.scope, loop, place.index)})
    if takes_all(element):
        values.update(run.visible(key, outside=True))
    for mapping in element.inputs:
        values[mapping.target] = run.value(mapping.source, key, values, outside=True)
    for transfer in element.reads_data:
        values[transfer.target] = _transferred(run, key, transfer, values, outside=True)
    if element.input_sets and not _available(element, values):
        raise Unavailable(tuple(name for transfer in element.reads_data for name in _reads(transfer)))
    run.set(key, values)


def _available(element: Element, values: Mapping[str, Any]) -> bool:
    """Whether every input that an association fills is there for one of the input sets (§13.3.2)."""
    filled = {transfer.target for transfer in element.reads_data}
    return any(
        all(values.get(name) is not None for name in names if name in filled) for names in element.input_sets
    )


def _reads(transfer: TransferPlan) -> tuple[str, ...]:
    formulas = [formula for formula, _ in transfer.assignments]
    formulas += [transfer.formula] if transfer.formula is not None else []
    return (*transfer.sources, *(name for formula in formulas for name in formula.reads))


def takes_all(element: Element) -> bool:
    """Whether the element calls a process that is given all variables of the caller."""
    if element.type is not NodeType.CALL_ACTIVITY or element.body is None:
        return False
    told = element.node.extension.take_all
    return not (element.inputs or element.reads_data) if told is None else told


def _item(run: Run, body: int, loop: LoopPlan, index: int) -> Any:
    if loop.collection is None:
        return index + 1
    items = run.state.values(body).get("$items", ())
    return items[index] if index < len(items) else None


def mapped(run: Run, key: int, element: Element) -> dict[str, Any]:
    """What the model maps into an element instance: all that may leave the case by it."""
    values = run.state.values(key)
    targets = (*(each.target for each in element.inputs), *(each.target for each in element.reads_data))
    return {name: values[name] for name in targets if name in values}


def keeps_results(element: Element) -> bool:
    """Whether results stay local, to be written outside only by mappings."""
    return bool(element.outputs or element.writes_data) or (
        element.loop is not None and element.loop.output_collection is not None
    )


def write(run: Run, key: int, element: Element, answer: Mapping[str, Any] = NOTHING) -> None:
    """Write what an element instance gives to the scope around it; mappings may read the `answer` besides."""
    place = run.state.places[key]
    values: dict[str, Any] = {}
    for mapping in element.outputs:
        values[mapping.target] = run.value(mapping.source, key, {**answer, **values})
    for transfer in element.writes_data:
        values[transfer.target] = _transferred(run, key, transfer, {**answer, **values})
    if _gives_all(element):
        values.update(_changed(run, key, place.scope))
    loop = element.loop
    if place.index is not None and loop is not None and loop.output_collection is not None:
        _collect(run, key, element, place.index, values, answer=answer)
        if loop.output_element is None:
            return
    run.write(place.scope, values)


def _gives_all(element: Element) -> bool:
    if element.type is not NodeType.CALL_ACTIVITY or element.body is None:
        return False
    told = element.node.extension.give_all
    return not (element.outputs or element.writes_data) if told is None else told


def _changed(run: Run, key: int, outer: int) -> dict[str, Any]:
    around = run.visible(outer)
    inner = run.state.values(key)
    return {
        name: value
        for name, value in inner.items()
        if name[0] != "$" and (name not in around or around[name] != value)
    }


def _collect(
    run: Run, key: int, element: Element, index: int, values: dict[str, Any], *, answer: Mapping[str, Any]
) -> None:
    """Keep an item's result until the multi-instance is complete."""
    loop, place = element.loop, run.state.places[key]
    if loop is None or not isinstance(loop.source, MultiInstance):
        return
    if loop.output_element is not None:
        result = run.value(loop.output_element, key, {**answer, **values})
    else:
        own = {name: value for name, value in run.state.values(key).items() if name != loop.item}
        own.update(values)
        result = next(iter(own.values())) if len(own) == 1 else own or None
    run.emit(StateChanged(scope=place.scope, what="result", values=[key, index, result]))


def _transferred(
    run: Run, key: int, transfer: TransferPlan, known: dict[str, Any], *, outside: bool = False
) -> Any:
    """The value of a data association (§10.4.2): copied, transformed, or put together by assignments."""
    if transfer.formula is not None:
        return run.value(transfer.formula, key, known, outside=outside)
    if transfer.assignments:
        result: Any = known.get(transfer.target)
        for formula, path in transfer.assignments:
            result = _assigned(result, path, run.value(formula, key, known, outside=outside))
        return result
    values = [run.names(key, (source,), known, outside=outside).get(source) for source in transfer.sources]
    return values[0] if len(values) == 1 else values


def _assigned(target: Any, path: str, value: Any) -> Any:
    """`target` with the part at `path` (`a.b`) replaced; an empty path is the whole."""
    if not path:
        return value
    result: dict[str, Any] = dict(target) if isinstance(target, dict) else {}
    level = result
    *outer, last = path.split(".")
    for name in outer:
        inner = level.get(name)
        level[name] = dict(inner) if isinstance(inner, dict) else {}
        level = level[name]
    level[last] = value
    return result
