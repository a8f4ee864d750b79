"""Bearer tokens for programs; for the administration of a municipality."""

from __future__ import annotations

from fastapi import APIRouter, status

from staffel.api.dependencies import Asked
from staffel.api.schemas import Id
from staffel.api.tokens import service
from staffel.api.tokens.schemas import MadeToken, NewToken, TokenOut
from staffel.engine.accounts import administration

router = APIRouter(prefix="/tokens", tags=["tokens"])


@router.get("", summary="List tokens")
def list_tokens(asked: Asked) -> list[TokenOut]:
    """The tokens of one's own municipality, without their secrets."""
    lines = asked.database.read(administration.account_tokens, actor=asked.actor)
    return [TokenOut.model_validate(line) for line in lines]


@router.post("", status_code=status.HTTP_201_CREATED, summary="Make a token")
def create_token(body: NewToken, asked: Asked) -> MadeToken:
    """The secret is in this answer and nowhere else."""
    line, secret = asked.database.run(
        service.make_token,
        actor=asked.actor,
        now=asked.now,
        name=body.name,
        scopes=body.scopes,
        unit_id=body.unit_id,
        role=body.role,
        expires_at=body.expires_at,
    )
    return MadeToken(**TokenOut.model_validate(line).model_dump(), secret=secret)


@router.delete("/{token_id}", status_code=status.HTTP_204_NO_CONTENT, summary="End a token")
def end_token(token_id: Id, asked: Asked) -> None:
    """From now on it opens nothing."""
    asked.database.run(administration.end_token_as, actor=asked.actor, now=asked.now, token_id=token_id)
