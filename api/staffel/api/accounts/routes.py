"""Accounts of one's own municipality; for its administration."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, status

from staffel.api.accounts import service
from staffel.api.accounts.schemas import AccountOut, NewAccount, PasswordIn, RoleIn
from staffel.api.dependencies import Asked
from staffel.api.schemas import Id
from staffel.engine.accounts import administration
from staffel.engine.actor import Role

router = APIRouter(prefix="/accounts", tags=["accounts"])


@router.get("", summary="List accounts")
def list_accounts(asked: Asked) -> list[AccountOut]:
    """The accounts of one's own municipality with their roles."""
    lines = asked.database.read(administration.accounts, actor=asked.actor)
    return [AccountOut.model_validate(line) for line in lines]


@router.post("", status_code=status.HTTP_201_CREATED, summary="Make an account")
def create_account(body: NewAccount, asked: Asked) -> AccountOut:
    """Makes an account in one's own municipality."""
    line = asked.database.run(
        service.add_account,
        actor=asked.actor,
        now=asked.now,
        login=body.login,
        name=body.name,
        password=body.password,
        roles=[(each.role, each.unit_id) for each in body.roles],
    )
    return AccountOut.model_validate(line)


@router.get("/{account_id}", summary="Get an account")
def get_account(account_id: Id, asked: Asked) -> AccountOut:
    """One account with its roles."""
    line = asked.database.read(service.find_account, actor=asked.actor, account_id=account_id)
    return AccountOut.model_validate(line)


@router.post("/{account_id}/roles", summary="Give a role")
def give_role(account_id: Id, body: RoleIn, asked: Asked) -> AccountOut:
    """Having the role already is no fault."""
    return _change_role(asked, account_id, body.role, body.unit_id, held=True)


@router.delete("/{account_id}/roles/{role}", summary="Take a role")
def take_role(
    account_id: Id, role: Role, asked: Asked, unit_id: Annotated[UUID | None, Query()] = None
) -> AccountOut:
    """Open sessions lose it with their next request."""
    return _change_role(asked, account_id, role, unit_id, held=False)


def _change_role(
    asked: Asked, account_id: UUID, role: Role, unit_id: UUID | None, *, held: bool
) -> AccountOut:
    line = asked.database.run(
        service.change_role,
        actor=asked.actor,
        now=asked.now,
        account_id=account_id,
        role=role,
        unit_id=unit_id,
        held=held,
    )
    return AccountOut.model_validate(line)


@router.put("/{account_id}/password", status_code=status.HTTP_204_NO_CONTENT, summary="Set a password")
def set_account_password(account_id: Id, body: PasswordIn, asked: Asked) -> None:
    """All sessions of the account end."""
    asked.database.run(
        administration.set_password_as,
        actor=asked.actor,
        now=asked.now,
        account_id=account_id,
        password=body.password,
    )


@router.delete("/{account_id}", status_code=status.HTTP_204_NO_CONTENT, summary="Close an account")
def close_account(account_id: Id, asked: Asked) -> None:
    """Its sessions end at once; its name stays in the audit log."""
    asked.database.run(service.close_account, actor=asked.actor, now=asked.now, account_id=account_id)
