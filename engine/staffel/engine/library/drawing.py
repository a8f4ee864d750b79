"""DMN files as a browser draws them: in the edition that dmn-js reads, every part with an id, the graph laid out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from itertools import count
from typing import Final

from lxml import etree

from staffel.engine.bpmn.layout.ranks import rank
from staffel.engine.dmn.source import VERSIONS, child, children, is_dmn, local, name_of
from staffel.engine.xml import XmlRefused, parse_xml

MODEL: Final = next(space for space, edition in VERSIONS.items() if edition == "1.3")
DMNDI: Final = "https://www.omg.org/spec/DMN/20191111/DMNDI/"
DC: Final = "http://www.omg.org/spec/DMN/20180521/DC/"
DI: Final = "http://www.omg.org/spec/DMN/20180521/DI/"
DRAWINGS: Final = (
    "http://www.omg.org/spec/DMN/20180521/DMNDI/",
    "https://www.omg.org/spec/DMN/20230324/DMNDI/",
)
"""Namespaces of drawings in other editions; the content is the same."""
KINDS: Final = ("decision", "inputData", "businessKnowledgeModel", "knowledgeSource")
REQUIREMENTS: Final = ("informationRequirement", "knowledgeRequirement", "authorityRequirement")
NEED_ID: Final = frozenset(
    (
        *REQUIREMENTS,
        "decisionTable",
        "input",
        "output",
        "rule",
        "inputEntry",
        "outputEntry",
        "inputExpression",
    )
)
WIDTH, HEIGHT, INPUT_HEIGHT = 180, 80, 45
GAP_X, GAP_Y, MARGIN = 40, 70, 40


@dataclass(frozen=True, slots=True)
class Part:
    """An element of a decision requirements graph; `requires` are ids, of other files with their namespace in front."""

    id: str
    name: str
    kind: str
    type: str
    requires: tuple[str, ...]


def graph_of(dmn: bytes) -> list[Part]:
    """The graph of a file: decisions, inputs, knowledge. Empty where the file cannot be read."""
    try:
        root = parse_xml(dmn)
    except XmlRefused:
        return []
    return [_part(element) for element in children(root, *KINDS)]


@lru_cache(maxsize=64)
def shown_dmn(dmn: bytes, beside: tuple[tuple[str, bytes], ...] = ()) -> bytes:
    """The file as dmn-js reads it. Nothing is added that decides; what cannot be read stays as it is.

    What it needs from the files `beside` it (name, content) gets a box without content, see `stand_in`. A drawing that
    lacks what a drawn decision needs (an input that came with a column) is laid out anew.
    """
    try:
        root = parse_xml(dmn)
    except XmlRefused:
        return dmn
    if not is_dmn(root):
        return dmn
    _identify(root)
    _annotate(root)
    text = etree.tostring(root, encoding="unicode")
    for space in VERSIONS:
        text = text.replace(f'"{space}"', f'"{MODEL}"')
    for space in DRAWINGS:
        text = text.replace(f'"{space}"', f'"{DMNDI}"')
    root = parse_xml(text.encode())
    _take_in(root, beside)
    text = etree.tostring(root, encoding="unicode")
    parts = graph_of(text.encode())
    shapes = root.iterfind(f"{{{DMNDI}}}DMNDI/{{{DMNDI}}}DMNDiagram/{{{DMNDI}}}DMNShape")
    drawn = {each.get("dmnElementRef", "").rpartition(":")[2] for each in shapes}
    lacking = {each.id for each in parts} - drawn
    if drawn and lacking.isdisjoint(need for each in parts if each.id in drawn for need in each.requires):
        return text.encode()
    for incomplete in root.findall(f"{{{DMNDI}}}DMNDI"):
        root.remove(incomplete)
    return _drawn(root, parts)


def stand_in(reference: str) -> str:
    """The id of the box for a part of another file, named by its namespace and id (`urn:a#b`)."""
    return f"st_{sha256(reference.encode()).hexdigest()[:16]}"


def _take_in(root: etree._Element, beside: Iterable[tuple[str, bytes]]) -> None:
    """A box for each part of another file that is needed here, with the name of its file; requirements lead to it."""
    wanted = defaultdict[str, list[etree._Element]](list)
    for requirement in root.iter(*(f"{{{MODEL}}}{each}" for each in REQUIREMENTS)):
        for needed in children(requirement):
            wanted[needed.get("href", "")].append(needed)
    for file, content in beside:
        parts = graph_of(content)
        space = parse_xml(content).get("namespace", "") if parts else ""
        for part in parts:
            if places := wanted.pop(f"{space}#{part.id}", []):
                identity = stand_in(f"{space}#{part.id}")
                etree.SubElement(root, f"{{{MODEL}}}{part.kind}", id=identity, name=f"{part.name} ({file})")
                for place in places:
                    place.set("href", f"#{identity}")


def _part(element: etree._Element) -> Part:
    variable = child(element, "variable")
    references = (
        each.get("href", "")
        for requirement in children(element, *REQUIREMENTS)
        for each in children(requirement)
    )
    return Part(
        element.get("id") or name_of(element),
        name_of(element),
        local(element),
        "" if variable is None else variable.get("typeRef", ""),
        tuple(each.removeprefix("#") for each in references if each),
    )


def _identify(root: etree._Element) -> None:
    """Give an id to what dmn-js looks up by id; decisions and inputs have their name as id, as in the engine."""
    used = {element.get("id") for element in root.iter("{*}*")}
    fresh = (f"st_{number}" for number in count(1))
    for element in root.iter("{*}*"):
        if not is_dmn(element) or element.get("id"):
            continue
        if local(element) in KINDS:
            element.set("id", name_of(element))
        elif local(element) in NEED_ID:
            element.set("id", next(each for each in fresh if each not in used))


def _annotate(root: etree._Element) -> None:
    """dmn-js knows one annotation per rule, its description: the annotations joined, where there is none."""
    for table in root.iter("{*}decisionTable"):
        for rule in children(table, "rule"):
            entries = [str(each.xpath("string()")).strip() for each in children(rule, "annotationEntry")]
            told = "; ".join(each for each in entries if each)
            if told and child(rule, "description") is None:
                description = etree.Element(f"{{{etree.QName(rule).namespace}}}description")
                description.text = told
                rule.insert(0, description)


def _drawn(root: etree._Element, parts: list[Part]) -> bytes:
    """With a drawing: what is needed stands below what needs it."""
    box = etree.SubElement(root, f"{{{DMNDI}}}DMNDI", nsmap={"dmndi": DMNDI, "dc": DC, "di": DI})
    diagram = etree.SubElement(box, f"{{{DMNDI}}}DMNDiagram", id="st_drawing")
    places = _places(parts)
    for part in parts:
        x, y = places[part.id]
        shape = etree.SubElement(
            diagram, f"{{{DMNDI}}}DMNShape", id=f"st_shape_{part.id}", dmnElementRef=part.id
        )
        size = {"x": f"{x}", "y": f"{y}", "width": f"{WIDTH}", "height": f"{_height(part)}"}
        etree.SubElement(shape, f"{{{DC}}}Bounds", size)
    for requirement, source, target in _requirements(root):
        if source in places and target.id in places:
            edge = etree.SubElement(
                diagram, f"{{{DMNDI}}}DMNEdge", id=f"st_edge_{requirement}", dmnElementRef=requirement
            )
            (x1, y1), (x2, y2) = places[source], places[target.id]
            for x, y in ((x1 + WIDTH // 2, y1), (x2 + WIDTH // 2, y2 + _height(target))):
                etree.SubElement(edge, f"{{{DI}}}waypoint", x=f"{x}", y=f"{y}")
    return etree.tostring(root)


def _requirements(root: etree._Element) -> Iterator[tuple[str, str, Part]]:
    """Each requirement with what is required and who requires it."""
    for element in children(root, *KINDS):
        for requirement in children(element, *REQUIREMENTS):
            for needed in children(requirement):
                yield requirement.get("id", ""), needed.get("href", "").removeprefix("#"), _part(element)


def _places(parts: list[Part]) -> dict[str, tuple[int, int]]:
    number = {part.id: index for index, part in enumerate(parts)}
    edges = [(number[each], number[part.id]) for part in parts for each in part.requires if each in number]
    ranked = rank([(WIDTH, HEIGHT)] * len(parts), edges)
    levels = [int(level) for level, _ in ranked]
    for index, part in enumerate(parts):
        above = [levels[target] for source, target in edges if source == index]
        if (
            above and not part.requires
        ):  # right below the first that needs it: no line has to pass another box
            levels[index] = max(0, min(above) - 1)
    highest = max(levels, default=0)
    rows: dict[int, list[tuple[float, str]]] = {}
    for part, level, (_, order) in zip(parts, levels, ranked, strict=True):
        rows.setdefault(level, []).append((order, part.id))
    widest = max(map(len, rows.values()), default=0)
    places = dict[str, tuple[int, int]]()
    for level, row in rows.items():
        left = MARGIN + (widest - len(row)) * (WIDTH + GAP_X) // 2
        for index, (_, identity) in enumerate(sorted(row)):
            places[identity] = left + index * (WIDTH + GAP_X), MARGIN + (highest - level) * (HEIGHT + GAP_Y)
    return places


def _height(part: Part) -> int:
    return INPUT_HEIGHT if part.kind == "inputData" else HEIGHT
