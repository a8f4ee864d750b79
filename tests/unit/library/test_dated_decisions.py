"""Rules are dated: the same facts are judged by the version that holds on the key date (DOMAIN §2.0.6)."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from tests.support.world import flows, process

from staffel.engine.dmn import DecisionNotInForce, explain_text
from staffel.engine.kernel import Start, advance
from staffel.engine.kernel.events import DecisionMade, IncidentRaised
from staffel.engine.library.bundle import Bundle, check_bundle

NOW = datetime(2026, 11, 29, 9, tzinfo=UTC)


def table(regime: str, dates: str = "", namespace: str = "urn:t") -> bytes:
    return (
        '<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" xmlns:staffel="urn:staffel:dmn:1" '
        f'id="D" name="D" namespace="{namespace}"><inputData id="i" name="titel"><variable name="titel" typeRef="string"/>'
        f'</inputData><decision id="rechtskreis" name="rechtskreis" {dates}><variable name="rechtskreis" typeRef="string"/>'
        '<informationRequirement id="r"><requiredInput href="#i"/></informationRequirement>'
        '<decisionTable id="T" hitPolicy="UNIQUE"><input id="e" label="Titel"><inputExpression><text>titel</text>'
        '</inputExpression></input><output name="rechtskreis"/><rule id="r1"><inputEntry><text>"par_24"</text></inputEntry>'
        f'<outputEntry><text>"{regime}"</text></outputEntry></rule></decisionTable></decision></definitions>'
    ).encode()


BEFORE = table(
    "SGB II", 'staffel:validFrom="2022-06-01" staffel:validTo="2026-06-30" staffel:legalState="29.04.2026"'
)
AFTER = table("AsylbLG", 'staffel:validFrom="2026-07-01" staffel:legalBasis="§ 1 AsylbLG; § 24 AufenthG"')
MODEL = process(
    '<startEvent id="s"/><businessRuleTask id="b" name="Rechtskreis"><extensionElements>'
    '<staffel:decision ref="rechtskreis" bound="true" keyDate="= erster_titel_am"/></extensionElements></businessRuleTask>'
    '<endEvent id="e"/>' + flows(("s", "b"), ("b", "e"))
)


def ukraine(*, model: bytes = MODEL, **more: bytes) -> Bundle:
    return check_bundle({"p.bpmn": model, "a.dmn": AFTER, "b.dmn": BEFORE, **more})


def codes(bundle: Bundle) -> set[str]:
    return {each.code for each in bundle.findings if each.severity.value != "hint"}


@pytest.mark.parametrize(
    ("day", "regime"),
    [
        (date(2022, 6, 1), "SGB II"),
        (date(2026, 6, 30), "SGB II"),
        (date(2026, 7, 1), "AsylbLG"),
        (date(2030, 1, 1), "AsylbLG"),
    ],
)
def test_the_same_event_is_judged_by_the_rules_of_its_day(day: date, regime: str) -> None:
    found = ukraine().decisions["rechtskreis"].evaluate("rechtskreis", {"titel": "par_24"}, key_date=day)

    assert found.value == regime


def test_a_case_judges_by_the_key_date_that_the_model_names_not_by_today() -> None:
    program = ukraine().programs["p"]
    values = {"titel": "par_24", "erster_titel_am": date(2026, 5, 1)}

    step = advance(program, None, Start(variables=values), NOW)

    (made,) = [event for event in step.events if isinstance(event, DecisionMade)]
    assert made.result == "SGB II"
    assert made.explanation["key_date"] == "2026-05-01"


def test_a_key_date_that_is_no_day_stops_the_case() -> None:
    values = {"titel": "par_24", "erster_titel_am": Decimal(5)}

    step = advance(ukraine().programs["p"], None, Start(variables=values), NOW)

    (stuck,) = [event for event in step.events if isinstance(event, IncidentRaised)]
    assert "der Tag, nach dem sich die Fassung" in stuck.text_de


def test_a_day_without_a_version_is_told_with_the_days_that_have_one() -> None:
    model = ukraine().decisions["rechtskreis"]

    with pytest.raises(DecisionNotInForce) as refused:
        model.evaluate("rechtskreis", {"titel": "par_24"}, key_date=date(2022, 5, 31))

    assert "gilt ab 01.06.2022 bis 30.06.2026; gilt ab 01.07.2026" in refused.value.message_de


def test_the_explanation_names_version_state_of_the_law_and_legal_bases() -> None:
    model = ukraine().decisions["rechtskreis"]

    before, after = (
        explain_text(model.evaluate("rechtskreis", {"titel": "par_24"}, key_date=day).explanation)
        for day in (date(2026, 1, 1), date(2026, 8, 1))
    )

    assert "Fassung: gilt ab 01.06.2022 bis 30.06.2026" in before
    assert "Rechtsstand: 29.04.2026" in before
    assert "Rechtsgrundlagen: § 1 AsylbLG; § 24 AufenthG" in after


def test_versions_that_follow_each_other_are_no_fault() -> None:
    assert codes(ukraine()) == set()


@pytest.mark.parametrize(
    ("second", "code"),
    [
        (table("AsylbLG", 'staffel:validFrom="2026-06-30"'), "decision-overlap"),
        (table("AsylbLG"), "decision-overlap"),
        (table("AsylbLG", 'staffel:validFrom="2026-08-01"'), "decision-gap"),
        (table("AsylbLG", 'staffel:validFrom="Juli"'), "validity-malformed"),
        (table("AsylbLG", 'staffel:validFrom="2026-08-01" staffel:validTo="2026-07-01"'), "validity-order"),
        (table("AsylbLG", 'staffel:gueltigAb="2026-08-01"'), "validity-unknown"),
    ],
)
def test_what_is_wrong_with_the_dates_is_found_at_upload(second: bytes, code: str) -> None:
    bundle = check_bundle({"p.bpmn": MODEL, "a.dmn": BEFORE, "b.dmn": second})

    assert code in codes(bundle)


def test_two_undated_decisions_of_a_name_are_a_fault_as_before() -> None:
    bundle = check_bundle({"p.bpmn": MODEL, "a.dmn": table("x"), "b.dmn": table("y")})

    assert "decision-twice" in codes(bundle)


def test_an_import_of_a_namespace_that_two_versions_share_is_a_fault() -> None:
    importing = (
        b'<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="I" name="I" namespace="urn:i">'
        b'<import name="t" namespace="urn:t" importType="https://www.omg.org/spec/DMN/20191111/MODEL/"/>'
        b'<decision id="d" name="d"><variable name="d"/><informationRequirement id="x">'
        b'<requiredDecision href="urn:t#rechtskreis"/></informationRequirement>'
        b"<literalExpression><text>t.rechtskreis</text></literalExpression></decision></definitions>"
    )

    assert "decision-import-ambiguous" in codes(ukraine(**{"i.dmn": importing}))


def test_today_is_the_german_day() -> None:
    model = process(
        '<startEvent id="s"/><scriptTask id="b"><extensionElements><staffel:script result="heute"/></extensionElements>'
        '<script>today()</script></scriptTask><userTask id="u"/><endEvent id="e"/>'
        + flows(("s", "b"), ("b", "u"), ("u", "e"))
    )
    program = check_bundle({"p.bpmn": model}).programs["p"]

    step = advance(program, None, Start(), datetime(2026, 7, 1, 22, 30, tzinfo=UTC))

    assert step.state.values(0)["heute"] == date(2026, 7, 2)
