"""What a changed table newly reads is connected with its decision (DMN 1.5 §6.3.12): else it would be an unknown name."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches
from itertools import count
from typing import Final

from lxml import etree

from staffel.engine.dmn.reader import UnknownName, read_dmn, variable_name
from staffel.engine.dmn.source import children, name_of
from staffel.engine.feel import FeelSyntaxError, parse
from staffel.engine.feel.builtins import FUNCTION_VALUES
from staffel.engine.feel.names import STOP_WORDS

_TARGETS: Final = {"inputData": "requiredInput", "decision": "requiredDecision"}
_BEFORE: Final = ("description", "extensionElements", "question", "allowedAnswers", "variable")
"""What comes before the requirements of a decision."""
_NAME: Final = re.compile(r"[^\W\d]\w*(?: \w+)+")
_DIGITS: Final = re.compile(r"\d+")
_WORDS_OF_FEEL: Final = STOP_WORDS | {"if", "for", "some", "every", "function", "null", "true", "false", "of"}


def connect(root: etree._Element, decision: etree._Element, new: Mapping[str, str]) -> None:
    """Require the inputs and decisions of the file that the decision reads without requiring them.

    `new` are the texts of new input columns with their types. One that is a plain name, found nowhere and no
    mistyped other, becomes an input of the file. All else that is unknown is left to the check, which names it.
    """
    sources = {variable_name(each): each for each in children(root, *_TARGETS) if each is not decision}
    taken = {variable_name(each) for each in children(root)} | FUNCTION_VALUES.keys()
    for name in _unknown(root, decision, new):
        source = sources.get(name)
        if source is None and name in new and name not in taken and not _is_mistyped(name, sources):
            source = _input(root, decision, name, new[name])
        if source is not None:
            _require(decision, source)


def _is_mistyped(name: str, known: Iterable[str]) -> bool:
    """Whether it nearly is a known name; `kind1` and `kind2` are two."""
    others = [each for each in known if _DIGITS.sub("", each) != _DIGITS.sub("", name)]
    return bool(get_close_matches(name[:60], others, n=1, cutoff=0.85))


def _unknown(root: etree._Element, decision: etree._Element, new: Mapping[str, str]) -> Iterator[str]:
    """The unknown names that the decision reads. New names of several words are no names to the parser yet."""
    known = {variable_name(each) for each in _required(root, decision)}
    yield from sorted(text for text in new if text not in known and _is_name_of_words(text))
    identity = decision.get("id") or ""
    _, problems = read_dmn(etree.tostring(root))
    for problem in problems:
        if isinstance(problem, UnknownName) and problem.element == identity:
            yield problem.name


def _is_name_of_words(text: str) -> bool:
    """Whether it says nothing in FEEL and could be a name of several words."""
    if _NAME.fullmatch(text) is None or not _WORDS_OF_FEEL.isdisjoint(text.split()):
        return False
    try:
        parse(text)
    except FeelSyntaxError:
        return True
    return False


def _required(root: etree._Element, decision: etree._Element) -> Iterator[etree._Element]:
    wanted = {
        each.get("href", "").removeprefix("#")
        for requirement in children(decision, "informationRequirement")
        for each in children(requirement, *_TARGETS.values())
    }
    return (each for each in children(root, *_TARGETS) if (each.get("id") or name_of(each)) in wanted)


def _input(root: etree._Element, decision: etree._Element, name: str, kind: str) -> etree._Element:
    """A new input of the file, in front of the decision."""
    space = etree.QName(decision).namespace
    made = etree.Element(f"{{{space}}}inputData", id=_fresh(root, "Eingabe"), name=name)
    variable = etree.SubElement(made, f"{{{space}}}variable", id=_fresh(root, "Variable"), name=name)
    if kind:
        variable.set("typeRef", kind)
    decision.addprevious(made)
    made.tail = "\n  "
    return made


def _require(decision: etree._Element, source: etree._Element) -> None:
    space = etree.QName(decision).namespace
    root = decision.getroottree().getroot()
    identity = source.get("id") or name_of(source)
    made = etree.Element(f"{{{space}}}informationRequirement", id=_fresh(root, "Bedarf"))
    target = _TARGETS[etree.QName(source).localname]
    etree.SubElement(made, f"{{{space}}}{target}", href=f"#{identity}")
    before = [*children(decision, *_BEFORE, "informationRequirement")]
    made.tail = before[-1].tail if before else None
    decision.insert(decision.index(before[-1]) + 1 if before else 0, made)


def _fresh(root: etree._Element, stem: str) -> str:
    """An id that the file does not have."""
    used = {each.get("id") for each in root.iter("{*}*")}
    return next(each for each in (f"{stem}_{number}" for number in count(1)) if each not in used)
