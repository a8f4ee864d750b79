"""Documents are seen by the Stelle that holds them; a handover takes along the kinds of its rule, no others."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor, wait
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from tests.support.world import HANDED_OVER, World, flows, form_task, lane, process

from staffel.engine import cases, library
from staffel.engine.actor import Actor, Role
from staffel.engine.cases.documents import (
    DocumentUsed,
    HandedOver,
    KindUnknown,
    find_document,
    held_documents,
    key_of,
)
from staffel.engine.cases.running import CaseClosed
from staffel.engine.documents import ContentRefused, Folder
from staffel.engine.errors import NotFound
from staffel.engine.library.forms import ValuesRefused
from staffel.engine.store.tables import Case, Document
from staffel.engine.worker import remove_documents, run_due

RULE = """
uebergaberegeln:
  - {id: U1, fluss: f2, dokumente: [mietvertrag, {art: bescheid, titel: Bescheid der Ausländerbehörde}]}
"""
RELAY = process(
    '<startEvent id="s"/><userTask id="a" name="A"/><userTask id="b" name="B"/><userTask id="c" name="C"/><endEvent id="e"/>'
    + flows(("s", "a"), ("a", "b"), ("b", "c"), ("c", "e")),
    lanes=lane("abh", "ABH", "s", "a") + lane("jc", "JC", "b") + lane("ga", "GA", "c", "e"),
)


def started(world: World, model: bytes = HANDED_OVER, rules: str = RULE) -> UUID:
    files = {"model.bpmn": model, "uebergaben.yaml": rules.encode()}
    checked = world.database.read(library.check_upload, actor=world.designer, now=world.now, files=files)
    version = world.do(library.upload, world.designer, checked=checked)
    world.do(library.put_in_force, world.designer, version_id=version)
    return world.start()


def add(
    world: World, case: UUID, kind: str = "mietvertrag", actor: Actor | None = None, text: str = "x"
) -> UUID:
    actor = actor or world.alice
    document, _ = world.do(
        cases.reserve_document, actor, case_id=case, name=f"{kind}.txt", content=text.encode(), kind=kind
    )
    world.do(cases.keep_document, actor, document_id=document)
    return document


def seen(world: World, actor: Actor, case: UUID) -> list[str]:
    def read(tx):
        return [each.kind for each in held_documents(tx, actor=actor, case=tx.session.get(Case, case))]

    return world.database.read(read)


def test_a_handover_takes_along_what_its_rule_names_from_the_offer_on(world):
    case = started(world)
    add(world, case)
    add(world, case, "sonstiges")
    assert seen(world, world.bob, case) == []
    world.finish(world.open_task(case))

    assert seen(world, world.bob, case) == ["mietvertrag"]
    assert seen(world, world.alice, case) == ["mietvertrag", "sonstiges"]
    world.do(cases.accept_handover, world.bob, handover_id=world.open_handover())
    world.later(hours=1)
    add(world, case, "bescheid")
    assert seen(world, world.bob, case) == ["mietvertrag"]


def test_documents_of_a_rejected_handover_go_with_its_data_set(world):
    case = started(world)
    add(world, case)
    world.finish(world.open_task(case))
    world.do(cases.return_handover, world.bob, handover_id=world.open_handover(), reason="unzuständig")
    assert seen(world, world.bob, case) == ["mietvertrag"]
    world.later(days=11)
    run_due(world.database, world.now)

    assert seen(world, world.bob, case) == []
    assert seen(world, world.alice, case) == ["mietvertrag"]


def test_what_was_received_travels_on_only_where_the_next_rule_names_it_too(world):
    rules = RULE + "  - {id: U2, fluss: f3, dokumente: [bescheid]}\n"
    case = started(world, RELAY, rules)
    add(world, case)
    add(world, case, "bescheid")
    world.finish(world.open_task(case))
    world.do(cases.accept_handover, world.bob, handover_id=world.open_handover())
    world.finish(world.open_task(case), world.bob)

    carol = world.person("Carol", Role.SACHBEARBEITUNG, unit="GA")
    assert seen(world, carol, case) == ["bescheid"]


def test_for_others_a_document_does_not_exist(world):
    case = started(world)
    document = add(world, case)
    guest = world.person("Gast", Role.SACHBEARBEITUNG, unit="GA")
    for actor in (world.bob, guest, world.designer, world.person("Leitung", Role.KOORDINATION)):
        with pytest.raises(NotFound):
            world.database.read(find_document, actor=actor, document_id=document)
        with pytest.raises(NotFound):
            world.do(cases.remove_document, actor, document_id=document)
        with pytest.raises(NotFound):
            add(world, case, actor=actor, text="<html>")


def test_refused_is_what_does_not_fit(world):
    case = started(world)
    with pytest.raises(KindUnknown):
        add(world, case, "reisepass")
    with pytest.raises(ContentRefused):
        add(world, case, text="<html>")
    world.do(cases.cancel_case, world.alice, case_id=case, reason="doppelt")
    with pytest.raises(CaseClosed):
        add(world, case)
    assert world.rows("SELECT * FROM document") == []


def test_the_same_file_again_is_the_same_document(world):
    case = started(world)
    assert add(world, case) == add(world, case) != add(world, case, text="anders")


def test_a_deleted_document_is_gone_at_once_and_its_content_with_the_next_look(world, tmp_path: Path):
    case, folder = started(world), Folder(tmp_path)
    document = add(world, case)
    key = world.database.read(lambda tx: key_of(tx.session.get(Document, document)))
    folder.put(key, b"x")
    world.do(cases.remove_document, world.alice, document_id=document)
    assert seen(world, world.alice, case) == []

    assert remove_documents(world.database, folder, world.now) == 1
    assert (world.rows("SELECT * FROM document"), [*tmp_path.glob("??/*")]) == ([], [])


def test_what_was_handed_over_is_not_deleted(world):
    case = started(world)
    document = add(world, case)
    world.finish(world.open_task(case))
    with pytest.raises(HandedOver):
        world.do(cases.remove_document, world.alice, document_id=document)
    assert seen(world, world.alice, case) == ["mietvertrag"]


def test_an_upload_that_broke_off_is_not_seen_and_removed_after_an_hour(world, tmp_path: Path):
    case, folder = started(world), Folder(tmp_path)
    document, key = world.do(cases.reserve_document, world.alice, case_id=case, name="a.txt", content=b"x")
    folder.put(key, b"x")
    assert seen(world, world.alice, case) == []
    assert remove_documents(world.database, folder, world.now) == 0
    assert remove_documents(world.database, folder, world.now + timedelta(hours=1)) == 1
    with pytest.raises(NotFound):
        world.do(cases.keep_document, world.alice, document_id=document)


@pytest.mark.parametrize("wrong", ["[sonstiges]", "[a, a]", "['Miet-Vertrag']", "[{art: a, pflicht: ja}]"])
def test_a_rule_that_names_kinds_wrongly_is_refused_at_upload(world, wrong):
    rules = f"uebergaberegeln: [{{id: U1, fluss: f2, dokumente: {wrong}}}]"
    files = {"model.bpmn": HANDED_OVER, "uebergaben.yaml": rules.encode()}
    checked = world.database.read(library.check_upload, actor=world.designer, now=world.now, files=files)
    assert "handover-rule-invalid" in {each.code for each in checked.bundle.findings}


def test_the_audit_log_names_the_document_and_not_the_file(world):
    case = started(world)
    document = add(world, case)
    (details,) = world.rows("SELECT details FROM audit WHERE action = 'document.keep'")
    assert str(document) in str(details)
    assert "mietvertrag" not in str(details)


FORM = b"""{"schema": {"properties": {"nachweis": {"type": "string", "format": "document", "title": "Nachweis"},
    "anderer": {"type": "string", "format": "document"}}, "required": ["nachweis"]}}"""
WITH_FIELD = process(
    '<startEvent id="s"/>' + form_task("a", "f") + '<userTask id="b" name="B"/><endEvent id="e"/>'
    + flows(("s", "a"), ("a", "b"), ("b", "e")),
    lanes=lane("abh", "ABH", "s", "a") + lane("jc", "JC", "b", "e"),
)  # fmt: skip


def with_field(world: World, fields: str = "nachweis") -> UUID:
    files = {
        "model.bpmn": WITH_FIELD,
        "forms/f.json": FORM,
        "uebergaben.yaml": f"uebergaberegeln:\n  - {{id: U1, fluss: f2, datensatz: [{fields}]}}\n".encode(),
    }
    checked = world.database.read(library.check_upload, actor=world.designer, now=world.now, files=files)
    version = world.do(library.upload, world.designer, checked=checked)
    world.do(library.put_in_force, world.designer, version_id=version)
    return world.start()


def test_the_document_in_a_field_travels_when_the_rule_names_the_field_and_no_other_one(world):
    case = with_field(world)
    first, second = (add(world, case, "field:nachweis", text=text) for text in "xy")
    add(world, case, "field:anderer")
    world.finish(world.open_task(case), nachweis=str(second))

    def seen_by_bob(tx):
        return [each.id for each in held_documents(tx, actor=world.bob, case=tx.session.get(Case, case))]

    assert world.database.read(seen_by_bob) == [second]
    world.do(cases.remove_document, world.alice, document_id=first)


def test_a_document_in_a_field_that_the_rule_does_not_name_stays(world):
    case = with_field(world, fields="{feld: anderer, pflicht: nein}")
    document = add(world, case, "field:nachweis")
    world.finish(world.open_task(case), nachweis=str(document))
    assert seen(world, world.bob, case) == []
    with pytest.raises(DocumentUsed):
        world.do(cases.remove_document, world.alice, document_id=document)


def test_a_document_is_not_deleted_while_it_is_put_into_a_field(world):
    case = with_field(world, fields="{feld: anderer, pflicht: nein}")
    document, task = add(world, case, "field:nachweis"), world.open_task(case)
    world.do(cases.claim_task, world.alice, task_id=task)
    with ThreadPoolExecutor(1) as other:

        def complete(tx):
            cases.complete_task(
                tx, actor=world.alice, now=world.now, task_id=task, values={"nachweis": str(document)}
            )
            removal = other.submit(world.do, cases.remove_document, world.alice, document_id=document)
            wait([removal], timeout=0.5)
            return removal

        with pytest.raises(DocumentUsed):
            world.database.run(complete).result()
    assert world.rows("SELECT count(*) FROM document WHERE remove_at IS NULL") == [(1,)]


def test_a_field_takes_only_a_document_that_was_put_for_it_and_that_the_stelle_holds(world):
    case = with_field(world)
    task = world.open_task(case)
    elsewhere = add(world, world.start("AZ-2"), "field:nachweis")
    world.do(cases.claim_task, world.alice, task_id=task)
    for value in (add(world, case, "sonstiges"), add(world, case, "field:anderer"), elsewhere, "x"):
        with pytest.raises(ValuesRefused) as refused:
            world.do(cases.complete_task, world.alice, task_id=task, values={"nachweis": str(value)})
        assert [fault["field"] for fault in refused.value.details["fields"]] == ["nachweis"]
    with pytest.raises(ValuesRefused):
        world.do(cases.complete_task, world.alice, task_id=task, values={})


def test_a_document_stands_in_no_start_form_and_in_no_list(world):
    started = WITH_FIELD.replace(
        b'<startEvent id="s"/>',
        b'<startEvent id="s"><extensionElements><staffel:form ref="f"/></extensionElements></startEvent>',
    )
    listed = FORM.replace(
        b'"anderer": {', b'"liste": {"type": "array", "items": {"type": "object", "properties": {"anderer": {'
    )
    listed = listed.replace(b'"format": "document"}}', b'"format": "document"}}}}}')
    found = [
        finding.code
        for model, form in ((started, FORM), (WITH_FIELD, listed))
        for finding in library.check_bundle({"m.bpmn": model, "forms/f.json": form}).findings
        if finding.code.startswith("form-")
    ]
    assert found == ["form-document-start"] * 2 + ["form-document-place"]
