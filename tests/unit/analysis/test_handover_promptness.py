"""Fristquote of handovers: when each Frist is done, what is not decided, and what a total may not give away."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from staffel.engine.analysis.disclosure import Shown
from staffel.engine.analysis.handover_promptness import kept_handovers, promises
from staffel.engine.analysis.reading import CaseRow, FristRow, OfferRow
from staffel.engine.analysis.steps import Flow, Model, StepMap

VERSION, TOWN = UUID(int=1), "05315000"
FLOWS = {name: Flow(name, sender, "JC", "a", "b") for name, sender in (("f", "LB"), ("g", "ABH"))}
STEPS = StepMap(Model(VERSION, {}, FLOWS), ())
ENDS = {"acknowledge_by": 200, "accept_by": 500, "result_by": 2_000}


def offer(at: int = 0, *, kind: str = "vereinbart", **more: Any) -> OfferRow:
    given = {
        "case": f"c{at}", "flow": "f", "sender": "lb", "receiver": "jc", "status": "offered", "offered": 100,
        "acknowledged": None, "accepted": None, "closed": None, "ends": tuple(ENDS.values()),
        "due": {name: {"kind": kind} for name in ENDS}, "asked": False, "case_ended": None, "stopped": False,
    }  # fmt: skip
    return OfferRow(**{**given, **more})


def accepted(at: int = 0, when: int = 400, **more: Any) -> OfferRow:
    return offer(at, status="accepted", acknowledged=150, accepted=when, closed=when, **more)


def of(*rows: OfferRow) -> dict[str, tuple[int | None, bool]]:
    found = list(promises(rows))[:3]
    return {each.name: (each.frist.done, each.frist.dropped) for each in found}


def test_each_frist_is_done_by_what_it_is_for() -> None:
    answer = offer(sender="jc", receiver="lb", offered=900)

    assert of(accepted(), answer) == {
        "acknowledge_by": (150, False), "accept_by": (400, False), "result_by": (900, False),
    }  # fmt: skip
    assert of(accepted(case_ended=1_500))["result_by"] == (1_500, False)
    assert of(accepted(case_ended=1_500, stopped=True))["result_by"] == (None, True)
    assert of(accepted())["result_by"] == (None, False)


def test_a_return_answers_and_a_withdrawal_says_nothing() -> None:
    assert of(offer(status="returned", closed=300)) == {
        "acknowledge_by": (300, False), "accept_by": (300, False), "result_by": (None, True),
    }  # fmt: skip
    assert {dropped for _, dropped in of(offer(status="withdrawn", closed=300)).values()} == {True}
    assert of(offer(acknowledged=150, asked=True))["accept_by"] == (None, True)
    assert list(promises([offer(due={})])) == []


def quote(rows: list[OfferRow], name: str) -> dict[str | None, Any]:
    cases = {TOWN: [CaseRow(f"c{at}", TOWN, VERSION, "running", 0, None) for at in range(400)]}
    found = kept_handovers(cases, STEPS, rows, 1_000)
    return {each.sender: each.municipalities[TOWN][name] for each in found}


def test_the_share_is_told_by_pair_and_as_a_whole() -> None:
    rows = [accepted(at, 400 if at < 90 else 600) for at in range(120)]
    rows += [accepted(at, 400 if at < 240 else 600, flow="g", sender="abh") for at in range(120, 300)]

    assert {sender: each.value for sender, each in quote(rows, "accept_by").items()} == {
        None: 210 / 300, "ABH": 120 / 180, "LB": 90 / 120,
    }  # fmt: skip
    assert quote(rows, "result_by")["LB"].shown is Shown.SUPPRESSED  # nothing is decided


def test_the_whole_leaves_out_a_pair_that_is_not_shown() -> None:
    rows = [accepted(at, 400 if at < 90 else 600) for at in range(120)]
    few = [accepted(at, 600, flow="g", sender="abh") for at in range(120, 123)]
    found = quote(rows + few, "accept_by")

    assert found["ABH"].shown is Shown.SUPPRESSED
    assert found[None] == found["LB"]


def test_internal_fristen_and_those_of_others_cases_do_not_count() -> None:
    assert quote([accepted(at, kind="intern") for at in range(120)], "accept_by") == {}
    assert quote([accepted(at) for at in range(400, 520)], "accept_by") == {}


def test_a_frist_that_stands_still_is_kept_when_it_is_done_and_else_not_decided() -> None:
    still = (None, None, None)
    assert next(promises([offer(ends=still)])).frist == FristRow("c0", "vereinbart", None, None, False)
    assert quote([accepted(at, ends=still) for at in range(120)], "accept_by")["LB"].value == 1.0
