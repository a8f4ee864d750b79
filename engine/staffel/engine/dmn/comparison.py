"""What changed between two versions of a decision table, rule by rule."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import SequenceMatcher

from staffel.engine.dmn.tables import DecisionTable, Rule


@dataclass(frozen=True, slots=True)
class RuleChange:
    """A rule by its numbers (from 1) before and after; None where it is not. Cells are `(label, before, after)`."""

    before: int | None
    after: int | None
    cells: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class TableChange:
    """Changes of columns and hit policy as `(what, before, after)`, and those of rules."""

    columns: tuple[tuple[str, str, str], ...]
    rules: tuple[RuleChange, ...]


def compare_tables(before: DecisionTable, after: DecisionTable) -> TableChange:
    """The changes from `before` to `after`. Rules of one id are one rule; others are matched by their cells."""
    rules = tuple(
        RuleChange(_number(before, old), _number(after, new), cells)
        for old, new in _pairs(before, after)
        if (cells := _cells(before, after, old, new))
    )
    return TableChange(_columns(before, after), rules)


def _pairs(before: DecisionTable, after: DecisionTable) -> list[tuple[Rule | None, Rule | None]]:
    """Rules that belong together, in the order of `after`; those that are gone stand at the end."""
    by_id = {rule.id: rule for rule in before.rules}
    found = {rule.line: by_id.pop(rule.id) for rule in after.rules if rule.id in by_id}
    paired = {rule.id for rule in found.values()}
    old = [rule for rule in before.rules if rule.id not in paired]
    new = [rule for rule in after.rules if rule.line not in found]
    matcher = SequenceMatcher(
        None, [_texts(rule) for rule in old], [_texts(rule) for rule in new], autojunk=False
    )
    for block in matcher.get_matching_blocks():
        found |= {new[block.b + i].line: old[block.a + i] for i in range(block.size)}
    kept = {id(rule) for rule in found.values()}
    pairs: list[tuple[Rule | None, Rule | None]] = [(found.get(rule.line), rule) for rule in after.rules]
    return pairs + [(rule, None) for rule in before.rules if id(rule) not in kept]


def _texts(rule: Rule) -> tuple[str, ...]:
    return (*rule.tests, *rule.outputs, *rule.annotations)


def _cells(
    before: DecisionTable, after: DecisionTable, old: Rule | None, new: Rule | None
) -> tuple[tuple[str, str, str], ...]:
    one, two = _labelled(before, old), _labelled(after, new)
    return tuple(
        (label, one.get((label, index), ""), two.get((label, index), ""))
        for label, index in dict.fromkeys((*one, *two))
        if one.get((label, index), "") != two.get((label, index), "")
    )


def _labelled(table: DecisionTable, rule: Rule | None) -> dict[tuple[str, int], str]:
    """The cells by heading; headings that stand twice are numbered."""
    if rule is None:
        return {}
    labels = [column.label for column in table.inputs] + [column.label for column in table.outputs]
    labels += ["Anmerkung"] * len(rule.annotations)
    found: dict[tuple[str, int], str] = {}
    for label, text in zip(labels, _texts(rule), strict=False):
        found[label, sum(known == label for known, _ in found)] = text
    return found


def _number(table: DecisionTable, rule: Rule | None) -> int | None:
    return None if rule is None else table.rules.index(rule) + 1


def _columns(before: DecisionTable, after: DecisionTable) -> tuple[tuple[str, str, str], ...]:
    one, two = _described(before), _described(after)
    return tuple(
        (what, one.get(what, ""), two.get(what, ""))
        for what in dict.fromkeys((*one, *two))
        if one.get(what) != two.get(what)
    )


def _described(table: DecisionTable) -> dict[str, str]:
    inputs = {
        each.label: " · ".join(filter(None, (each.text, each.type, each.allowed))) for each in table.inputs
    }
    outputs = {
        f"→ {each.label}": " · ".join(filter(None, (each.name, each.type, each.allowed, each.default)))
        for each in table.outputs
    }
    return {"Trefferregel": f"{table.hit_policy.value} {table.aggregation or ''}".strip()} | inputs | outputs
