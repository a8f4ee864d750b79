"""Comments stay in the own Stelle; a note travels with the handover to the Stelle that it is for, and with no other."""

from __future__ import annotations

from uuid import UUID

import pytest
from sqlmodel import select
from tests.support.world import HANDED_OVER, KOELN, World

from staffel.engine import cases
from staffel.engine.actor import Actor, Role
from staffel.engine.cases.comments import CommentText, NotNext, notes_with
from staffel.engine.cases.running import CaseClosed
from staffel.engine.errors import NotFound
from staffel.engine.store.tables import Audit, Comment, Handover


def started(world: World) -> UUID:
    world.deploy(HANDED_OVER)
    return world.start()


def write(
    world: World, case: UUID, text: str = "Ruft zurück", actor: Actor | None = None, **more: UUID
) -> UUID:
    return world.do(cases.write_comment, actor or world.alice, case_id=case, text=text, **more)


def notes(world: World, actor: Actor) -> list[str]:
    def read(tx):
        (handover,) = tx.session.exec(select(Handover)).all()
        return [note.text for note in notes_with(tx, actor=actor, handover=handover)]

    return world.database.read(read)


def test_a_note_is_shown_to_the_receiver_at_the_offer_and_a_comment_is_not(world):
    case = started(world)
    write(world, case, "nur für uns")
    write(world, case, " bitte vormittags anrufen ", for_unit=world.units[KOELN, "JC"])
    world.finish(world.open_task(case))

    assert notes(world, world.bob) == notes(world, world.alice) == ["bitte vormittags anrufen"]


def test_after_a_return_the_receiver_sees_the_note_no_more(world):
    case = started(world)
    write(world, case, "vertraulich", for_unit=world.units[KOELN, "JC"])
    world.finish(world.open_task(case))
    world.do(cases.return_handover, world.bob, handover_id=world.open_handover(), reason="unzuständig")

    assert (notes(world, world.bob), notes(world, world.alice)) == ([], ["vertraulich"])


def test_what_is_noted_after_the_acceptance_does_not_travel(world):
    case = started(world)
    world.finish(world.open_task(case))
    world.do(cases.accept_handover, world.bob, handover_id=world.open_handover())
    world.later(hours=1)
    write(world, case, "zu spät", for_unit=world.units[KOELN, "JC"])

    assert notes(world, world.bob) == []


def test_the_audit_log_names_the_comment_and_not_its_text(world):
    case = started(world)
    comment = write(world, case, "geheim")
    (row,) = world.database.read(
        lambda tx: list(tx.session.exec(select(Audit).where(Audit.action == "comment.write")))
    )

    assert (row.subject, row.details) == (str(case), {"comment": str(comment)})


@pytest.mark.parametrize("text", ["", "  ", "x" * 4001])
def test_a_comment_has_a_text_of_some_length(world, text):
    case = started(world)
    with pytest.raises(CommentText):
        write(world, case, text)
    assert world.rows("SELECT * FROM comment") == []


def test_a_note_goes_only_where_the_case_can_be_handed_over(world):
    case = started(world)
    for kind in ("GA", "ABH"):
        with pytest.raises(NotNext):
            write(world, case, for_unit=world.units[KOELN, kind])
    assert world.rows("SELECT * FROM comment") == []


def test_for_a_stelle_without_part_in_it_the_case_does_not_exist(world):
    case = started(world)
    guest = world.person("Gast", Role.SACHBEARBEITUNG, unit="GA")
    for actor in (guest, world.bob, world.designer):
        with pytest.raises(NotFound):
            write(world, case, actor=actor)
    world.finish(world.open_task(case))
    write(world, case, "unsere Rückfrage", world.bob)

    (row,) = world.database.read(lambda tx: list(tx.session.exec(select(Comment))))
    assert row.unit_id == world.units[KOELN, "JC"]


def test_an_ended_case_takes_no_comments(world):
    case = started(world)
    world.do(cases.cancel_case, world.alice, case_id=case, reason="doppelt")
    with pytest.raises(CaseClosed):
        write(world, case)
