"""Runs the DMN Technology Compatibility Kit through the public API.

A result node passes when its decision gives the expected value; where an error is expected, null must come with a
problem that says why.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import ROUND_HALF_EVEN, Decimal
from pathlib import Path

from lxml import etree

from staffel.engine.dmn import DecisionModel, DecisionResult, read_dmn
from staffel.engine.feel import FeelError, FeelTime, Function, Value
from staffel.engine.feel.dates import parse_date, parse_datetime, parse_duration, parse_time
from staffel.engine.xml import parse_xml

NAMESPACE = "{http://www.omg.org/spec/DMN/20160719/testcase}"
NIL = "{http://www.w3.org/2001/XMLSchema-instance}nil"
TYPE = "{http://www.w3.org/2001/XMLSchema-instance}type"

NOW = datetime(2026, 1, 1, 12, tzinfo=UTC)


@dataclass(slots=True)
class SuiteResult:
    """How many result nodes passed; `failing` names the others as `folder/case/node`, `folders` are counted by `level/folder`."""

    passed: int = 0
    total: int = 0
    failing: dict[str, str] = field(default_factory=dict)
    folders: dict[str, tuple[int, int]] = field(default_factory=dict)

    def count(self, folder: Path, name: str, failure: str | None) -> None:
        """Add a result node."""
        place = f"{folder.parent.name}/{folder.name}"
        passed, total = self.folders.get(place, (0, 0))
        self.total += 1
        self.passed += failure is None
        self.folders[place] = (passed + (failure is None), total + 1)
        if failure is not None:
            self.failing[f"{folder.name}/{name}"] = failure


def run_suite(path: Path) -> SuiteResult:
    """Run every `*-test-*.xml` below `path` (a level, or a folder of levels)."""
    result = SuiteResult()
    for file in sorted(path.rglob("*-test-*.xml")):
        _run_file(file, result)
    return result


def _run_file(file: Path, result: SuiteResult) -> None:
    root = parse_xml(file.read_bytes())
    name = (root.findtext(f"{NAMESPACE}modelName") or "").strip()
    others = {each.name: each.read_bytes() for each in file.parent.glob("*.dmn") if each.name != name}
    model, _ = read_dmn((file.parent / name).read_bytes(), imports=others)
    for case in root.iter(f"{NAMESPACE}testCase"):
        for node, failure in _run_case(model, case):
            result.count(file.parent, f"{case.get('id')}/{node}", failure)


def _run_case(model: DecisionModel | None, case: etree._Element) -> Iterator[tuple[str, str | None]]:
    inputs = {str(each.get("name")): value_of(each) for each in case.iterchildren(f"{NAMESPACE}inputNode")}
    for node in case.iterchildren(f"{NAMESPACE}resultNode"):
        name = str(node.get("name"))
        target = case.get("invocableName") if case.get("type") == "decisionService" else name
        yield name, _failure(model, target or name, inputs, node)


def _failure(
    model: DecisionModel | None, target: str, inputs: Mapping[str, Value], node: etree._Element
) -> str | None:
    if model is None:
        return "the model was not read"
    try:
        found = model.evaluate(target, inputs, now=NOW)
    except FeelError as err:
        return f"{type(err).__name__}: {err}"
    return _difference(_part(found, model, target, node), node)


def _part(found: DecisionResult, model: DecisionModel, target: str, node: etree._Element) -> DecisionResult:
    """Of a service with several outputs, the one that the node names."""
    service = model.services.get(target)
    if service is not None and len(service.outputs) > 1 and isinstance(found.value, dict):
        return DecisionResult(found.value.get(str(node.get("name"))), found.problems, [])
    return found


def _difference(found: DecisionResult, node: etree._Element) -> str | None:
    expected_node = node.find(f"{NAMESPACE}expected")
    expected = None if expected_node is None else value_of(expected_node)
    if node.get("errorResult") == "true":
        if found.value is None and found.problems:
            return None
        return f"expected an error, found {found.value!r} with {len(found.problems)} problems"
    if same(found.value, expected):
        return None
    reasons = "; ".join(problem.message_en for problem in found.problems[:3])
    return f"expected {expected!r}, found {found.value!r} ({reasons})"


def same(found: Value, expected: Value) -> bool:
    """Equal, numbers to the eight places that the kit's own runner compares."""
    if isinstance(found, (Decimal, int)) and isinstance(expected, Decimal) and not isinstance(found, bool):
        return Decimal(found) == expected or _rounded(Decimal(found)) == _rounded(expected)
    if isinstance(found, list) and isinstance(expected, list):
        return len(found) == len(expected) and all(map(same, found, expected))
    if isinstance(found, dict) and isinstance(expected, dict):
        return found.keys() == expected.keys() and all(same(found[key], expected[key]) for key in expected)
    if isinstance(found, Function):
        return expected is None
    return bool(type(found) is type(expected) and (found == expected and str(found) == str(expected)))


def _rounded(number: Decimal) -> Decimal:
    return (
        round(number, 8)
        if number.adjusted() < 18
        else number.normalize().quantize(Decimal(1).scaleb(number.adjusted() - 15), ROUND_HALF_EVEN)
    )


def value_of(element: etree._Element) -> Value:
    """The value written in an input or expected node."""
    for child in element:
        tag = str(child.tag).removeprefix(NAMESPACE)
        if tag == "list":
            items = child.findall(f"{NAMESPACE}item")
            return None if child.get(NIL) == "true" else [value_of(item) for item in items]
        if tag == "component":
            return _context(element)
        if tag == "value":
            return _simple(child)
    return None


def _context(element: etree._Element) -> Value:
    parts = element.findall(f"{NAMESPACE}component")
    return {str(part.get("name")): value_of(part) for part in parts}


def _simple(element: etree._Element) -> Value:
    text = element.text or ""
    if element.get(NIL) == "true":
        return None
    kind = (element.get(TYPE) or "xsd:string").rpartition(":")[2]
    match kind:
        case "boolean":
            return text.strip() == "true"
        case "decimal" | "double" | "integer" | "int" | "long" | "float":
            return Decimal(text.strip())
        case "date":
            return parse_date(text.strip())
        case "time":
            return parse_time(text.strip())
        case "dateTime":
            return parse_datetime(text.strip())
        case "duration":
            return parse_duration(text.strip())
    return text


__all__ = ["FeelTime", "SuiteResult", "run_suite"]
