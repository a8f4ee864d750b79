"""Notices by mail: each person chooses whether and how often."""

from __future__ import annotations

from fastapi import APIRouter
from pydantic import Field

from staffel.api.dependencies import Asked
from staffel.api.schemas import Input, Output
from staffel.engine import cases
from staffel.engine.store.tables import MailChoice

router = APIRouter(prefix="/mail", tags=["auth"])


class MailSettingOut(Output):
    """What I have chosen."""

    address: str
    choice: MailChoice


class MailSettingIn(Input):
    """What I choose. Mails carry counts by process and step and a link, no personal data."""

    address: str = Field(max_length=254, examples=["vorname.nachname@stadt.example"])
    choice: MailChoice = Field(
        description="`each`: soon after something happens, together; `daily`: at 7 o'clock"
    )


@router.get("", summary="Read my mail setting")
def read_mail_setting(asked: Asked) -> MailSettingOut:
    """Whether and where notices about handovers and Fristen are sent to me."""
    address, choice = asked.database.read(cases.mail_setting, actor=asked.actor)
    return MailSettingOut(address=address, choice=choice)


@router.put("", summary="Choose notices by mail")
def choose_mail(body: MailSettingIn, asked: Asked) -> MailSettingOut:
    """Only what happens from now on is told. For people; programs get no mail."""
    asked.database.run(
        cases.choose_mail, actor=asked.actor, now=asked.now, address=body.address, choice=body.choice
    )
    return read_mail_setting(asked)
