"""Templates in, pages out. Everything is escaped; what a template needs beyond its values stands here."""

from __future__ import annotations

from datetime import datetime
from functools import cache, partial
from pathlib import Path
from typing import Any
from urllib.parse import quote

from fastapi import Request
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import HTMLResponse, RedirectResponse, Response

from staffel.api.csrf import csrf_token
from staffel.engine.actor import Actor
from staffel.ui import formats, notices, words
from staffel.ui.assets import asset
from staffel.ui.language import Language, language_of, translations
from staffel.ui.navigation import sections_for

TEMPLATES = Path(__file__).parent / "templates"
SEE_OTHER = 303


@cache
def environment(language: Language) -> Environment:
    """The template environment of a language."""
    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n", "jinja2.ext.do"],
    )
    made.install_gettext_translations(translations(language), newstyle=True)  # type: ignore[attr-defined]  # by the extension
    made.globals |= {"asset": asset, "language": language}
    for name in ("day", "moment", "span", "lasting", "days", "value", "number", "relative_day", "size"):
        made.filters[name] = partial(_in_language, getattr(formats, name), language)
    made.filters["word"] = partial(words.word, language)
    made.tests["past"] = lambda when, now: when is not None and when < now
    return made


def _in_language(function: Any, language: Language, given: Any, *rest: Any) -> Any:
    return function(given, *rest, language=language)


def render(
    request: Request,
    template: str,
    *,
    now: datetime,
    actor: Actor | None = None,
    status: int = 200,
    **values: Any,
) -> Response:
    """The page made from `template`. A notice that waits for the reader is shown once."""
    language = language_of(request)
    notice = notices.waiting(request)
    html = (
        environment(language)
        .get_template(template)
        .render(
            request=request,
            path=request.url.path,
            actor=actor,
            now=now,
            sections=sections_for(actor),
            notice=notice,
            **{"csrf_token": csrf_token(request), **values},
        )
    )
    response = HTMLResponse(html, status_code=status, headers={"content-language": language.value})
    if notice:
        notices.shown(response)
    return response


def go(path: str, notice: str = "") -> Response:
    """Send the browser to a page of ours, with a notice from `notices.TEXTS` for it to show."""
    response = RedirectResponse(quote(path, safe="/?=&%#"), status_code=SEE_OTHER)
    if notice:
        notices.leave(response, notice)
    return response


def go_by_script(path: str, notice: str = "") -> Response:
    """The same for a script that sent the form: it goes to the page that the header names."""
    response = Response(status_code=204, headers={"x-go": quote(path, safe="/?=&%#")})
    if notice:
        notices.leave(response, notice)
    return response


def by_htmx(request: Request) -> bool:
    """Whether a part of a page is asked for."""
    return request.headers.get("hx-request") == "true" and "hx-boosted" not in request.headers
