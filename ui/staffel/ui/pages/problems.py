"""The page for what did not work: what happened, and what to do next."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from urllib.parse import quote

from fastapi import Request
from starlette.responses import RedirectResponse, Response

from staffel.api.dependencies import actor_of_request
from staffel.api.problems import Problem
from staffel.ui.language import Language, language_of
from staffel.ui.language import marked as _
from staffel.ui.pages.session import sign_in_again
from staffel.ui.rendering import SEE_OTHER, render
from staffel.ui.resuming import kept, written_at

UNAUTHORIZED, SERVER_ERROR = 401, 500

TITLES: Mapping[int, tuple[str, str]] = MappingProxyType(
    {
        401: (_("Nicht angemeldet"), _("Melden Sie sich an; danach geht es auf dieser Seite weiter.")),
        403: (_("Das ist Ihnen hier nicht erlaubt"), _("Laden Sie die Seite neu. Brauchen Sie das Recht, hilft die Administration Ihrer Kommune weiter.")),
        404: (_("Nicht gefunden"), _("Prüfen Sie die Adresse, oder suchen Sie den Vorgang über sein Aktenzeichen. Was einer anderen Stelle gehört, ist hier nicht sichtbar.")),
        409: (_("Das geht im Augenblick nicht"), _("Gehen Sie zurück und laden Sie die Seite neu: Vielleicht war jemand schneller, oder der Vorgang ist weitergegangen.")),
        413: (_("Zu groß"), _("Wählen Sie weniger oder kleinere Dateien.")),
        422: (_("Eine Angabe fehlt oder passt nicht"), _("Gehen Sie zurück und berichtigen Sie die Angabe.")),
        429: (_("Zu viele Versuche"), _("Warten Sie einige Minuten, bevor Sie es noch einmal versuchen.")),
        500: (_("In Staffel ist ein Fehler aufgetreten"), _("Nichts wurde geändert. Versuchen Sie es noch einmal; bleibt der Fehler, nennen Sie der Betreuung die Kennung.")),
        503: (_("Staffel ist im Augenblick nicht erreichbar"), _("Warten Sie einen Augenblick und laden Sie die Seite neu. Was Sie auf einer Seite eingetragen haben, senden Sie danach noch einmal.")),
    }
)  # fmt: skip
_OTHER = (_("Das hat nicht geklappt"), _("Gehen Sie zurück und versuchen Sie es noch einmal."))


def problem_page(request: Request, problem: Problem) -> Response:
    """The page of a problem. Who is not signed in is led to the sign-in and back."""
    if problem.status == UNAUTHORIZED and request.method == "GET":
        asked = request.url.path + (f"?{request.url.query}" if request.url.query else "")
        return RedirectResponse(f"/anmelden?weiter={quote(asked, safe='')}", status_code=SEE_OTHER)
    if problem.status == UNAUTHORIZED and (typed := kept(request)):
        return sign_in_again(request, typed)
    language = language_of(request)
    title, advice = TITLES.get(problem.status, _OTHER)
    now: datetime = request.app.state.clock()
    actor = actor_of_request(request, now) if problem.status < SERVER_ERROR else None
    return render(
        request,
        "pages/problem.html",
        now=now,
        actor=actor,
        status=problem.status,
        problem=problem,
        title=language.text(title),
        advice=language.text(advice),
        message=problem.message_de if language is Language.DE else problem.detail,
        faults=problem.errors,
        written=written_at(request),
    )
