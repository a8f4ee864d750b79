"""What changed between two versions of a table is told rule by rule."""

from __future__ import annotations

from ui_site import MODEL

from staffel.engine.dmn import DecisionTable, read_dmn
from staffel.engine.dmn.comparison import compare_tables

FILE = (MODEL / "dringlichkeit.dmn").read_bytes()


def table(content: bytes) -> DecisionTable:
    model, _ = read_dmn(content)
    assert model is not None
    found = model.decisions["dringlichkeit"].table
    assert found is not None
    return found.table


def test_the_same_table_has_no_changes() -> None:
    change = compare_tables(table(FILE), table(FILE))
    assert (change.columns, change.rules) == ((), ())


def test_a_changed_cell_and_the_hit_policy_are_told_with_before_and_after() -> None:
    after = FILE.replace(b"&gt;= 5", b"&gt;= 4").replace(b'"FIRST"', b'"ANY"')
    change = compare_tables(table(FILE), table(after))
    assert change.columns == (("Trefferregel", "FIRST", "ANY"),)
    assert [(rule.before, rule.after, rule.cells) for rule in change.rules] == [
        (2, 2, (("Personen", ">= 5", ">= 4"),))
    ]


def test_a_rule_that_is_gone_leaves_the_others_alone_even_under_other_ids() -> None:
    start, end = FILE.index(b'<rule id="rule2"'), FILE.index(b'<rule id="rule3"')
    after = (FILE[:start] + FILE[end:]).replace(b'id="rule', b'id="other')
    change = compare_tables(table(FILE), table(after))
    assert [(rule.before, rule.after) for rule in change.rules] == [(2, None)]
    back = compare_tables(table(after), table(FILE))
    assert [(rule.before, rule.after) for rule in back.rules] == [(None, 2)]
