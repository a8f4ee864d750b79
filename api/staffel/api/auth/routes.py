"""Signing in and out; who am I."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response, status

from staffel.api.auth.schemas import LogIn, Me, NewPassword
from staffel.api.auth.service import begin_session, change_password, describe_actor, end_session
from staffel.api.csrf import csrf_token
from staffel.api.dependencies import Asked

router = APIRouter(prefix="/auth", tags=["auth"])


@router.post("/login", status_code=status.HTTP_204_NO_CONTENT, summary="Sign in")
def log_in(body: LogIn, request: Request, response: Response) -> None:
    """Sets the session cookie. After five wrong passwords every further try has to wait (429, `Retry-After`)."""
    begin_session(request, response, login=body.login, password=body.password)


@router.post("/logout", status_code=status.HTTP_204_NO_CONTENT, summary="Sign out")
def log_out(asked: Asked, request: Request, response: Response) -> None:  # noqa: ARG001 - only who is signed in
    """Ends the session at once."""
    end_session(request, response)


@router.get("/me", summary="Who am I?")
def read_me(asked: Asked, request: Request) -> Me:
    """The account or program behind the request, with its rights of this moment."""
    token = csrf_token(request) if asked.actor.account else ""
    return asked.database.read(describe_actor, actor=asked.actor, csrf_token=token)


@router.post("/password", status_code=status.HTTP_204_NO_CONTENT, summary="Change my password")
def change_my_password(body: NewPassword, asked: Asked) -> None:
    """All sessions of the account end; sign in anew."""
    change_password(asked.database, actor=asked.actor, now=asked.now, old=body.old, new=body.new)
