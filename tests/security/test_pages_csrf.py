"""Every page that changes something is behind the same lock as the API."""

from __future__ import annotations

import re
from collections.abc import Iterator

from fastapi.routing import APIRoute, iter_route_contexts
from people import World
from starlette.testclient import TestClient

from staffel.ui.app import create_application

UUID = "0198c5a0-0000-7000-8000-000000000000"


def unsafe(world: World) -> Iterator[tuple[str, str]]:
    """Method and path of every route outside the API that is not only read."""
    world.serve(create_application)
    for context in iter_route_contexts(world.app.routes):
        route = context.route
        if isinstance(route, APIRoute) and not context.path.startswith("/api/"):
            for method in route.methods - {"GET", "HEAD", "OPTIONS"}:
                yield method, re.sub(r"{[^}]*}", UUID, context.path)


def test_no_page_changes_anything_without_the_token(world: World) -> None:
    found = list(unsafe(world))
    assert len(found) > 5
    session = world.client("abh.koeln").cookies["staffel-session"]
    for method, path in found:
        with TestClient(world.app, base_url="http://localhost") as stranger:
            stranger.cookies.set("staffel-session", session)
            answer = stranger.request(method, path, headers={"accept": "application/json"})
            assert (answer.status_code, answer.json()["code"]) == (403, "foreign-request"), path
            foreign = {"accept": "application/json", "origin": "https://attacker.example"}
            assert stranger.request(method, path, headers=foreign).status_code == 403, path
