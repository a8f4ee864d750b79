"""A DMN file as XML: its version, its elements, the faults found in it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from lxml import etree

from staffel.engine.feel.errors import FeelError, Problem

VERSIONS: Mapping[str, str] = {
    "http://www.omg.org/spec/DMN/20151101/dmn.xsd": "1.1",
    "http://www.omg.org/spec/DMN/20180521/MODEL/": "1.2",
    "https://www.omg.org/spec/DMN/20191111/MODEL/": "1.3",
    "https://www.omg.org/spec/DMN/20211108/MODEL/": "1.4",
    "https://www.omg.org/spec/DMN/20230324/MODEL/": "1.5",
}


@dataclass(slots=True)
class Source:
    """The root of a DMN file, where its problems are gathered."""

    root: etree._Element
    problems: list[Problem] = field(default_factory=list)

    @property
    def namespace(self) -> str:
        """The file's own namespace."""
        return self.root.get("namespace", "")

    def report(
        self, code: str, element: etree._Element, german: str, english: str, *, severity: str = "error"
    ) -> None:
        """Note a problem with an element."""
        self.problems.append(
            Problem(
                code,
                german,
                english,
                severity=severity,
                element=identity(element),
                line=line_of(element),
            )
        )

    def report_feel(self, err: FeelError, text: str, element: etree._Element) -> None:
        """Note an expression that cannot be parsed."""
        german, english = _expression(text, element)
        self.problems.append(
            Problem(
                "feel-syntax",
                f"{german} ist fehlerhaft: {err.message_de}",
                f"{english} is faulty: {err.message_en}",
                position=err.position,
                element=identity(element),
                line=line_of(element),
            )
        )

    def report_problem(self, problem: Problem, text: str, element: etree._Element) -> None:
        """Note what is wrong with an expression that can be parsed, with its place in text and file."""
        (german, english), at = _expression(text, element), problem.position
        where_de = f"Zeile {at.line}, Spalte {at.column}: " if at else ""
        where_en = f"line {at.line}, column {at.column}: " if at else ""
        self.problems.append(
            replace(
                problem,
                message_de=f"{german} ist fehlerhaft: {where_de}{problem.message_de}",
                message_en=f"{english} is faulty: {where_en}{problem.message_en}",
                element=identity(element),
                line=line_of(element),
            )
        )


def _expression(text: str, element: etree._Element) -> tuple[str, str]:
    """The expression and the rule it stands in, as a reader of the table finds it, in German and English."""
    short = text.strip()[:80]
    table = element.getparent()
    if local(element) != "rule" or table is None:
        return f"Der Ausdruck „{short}“", f"The expression '{short}'"
    number = [*children(table, "rule")].index(element) + 1
    return f"Der Ausdruck „{short}“ in Regel {number}", f"The expression '{short}' in rule {number}"


def line_of(element: etree._Element) -> int:
    """The element's line in the file, 0 where it is unknown."""
    line = element.sourceline
    return line if isinstance(line, int) else 0


def local(element: etree._Element) -> str:
    """The name of an element without its namespace."""
    return str(element.tag).rpartition("}")[2]


def is_dmn(element: etree._Element) -> bool:
    """Whether the element is DMN's own and not an extension."""
    return str(element.tag).rpartition("}")[0].lstrip("{") in VERSIONS


def children(element: etree._Element | None, *names: str) -> Iterator[etree._Element]:
    """The DMN children with one of these names, or all."""
    for child in element if element is not None else ():
        if is_dmn(child) and (not names or local(child) in names):
            yield child


def child(element: etree._Element | None, *names: str) -> etree._Element | None:
    """The first such child."""
    return next(children(element, *names), None)


def text_of(element: etree._Element | None) -> str | None:
    """The content of the element's `text` child."""
    found = child(element, "text")
    return None if found is None else "".join(str(part) for part in found.itertext())


def name_of(element: etree._Element) -> str:
    """The name with single spaces, as FEEL sees it."""
    return " ".join(element.get("name", "").split())


def identity(element: etree._Element) -> str:
    """The id of the element or of the nearest one around it that has one."""
    found: etree._Element | None = element
    while found is not None:
        if own := found.get("id"):
            return own
        found = found.getparent()
    return ""
