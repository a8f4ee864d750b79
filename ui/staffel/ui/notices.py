"""What a page says after something was done: a key travels in a short-lived cookie, the text stands here."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from fastapi import Request
from starlette.responses import Response

from staffel.ui.language import marked as _

COOKIE = "staffel-notice"

TEXTS: Mapping[str, str] = MappingProxyType(
    {
        "signed-out": _("Sie sind abgemeldet."),
        "task-claimed": _("Sie haben die Aufgabe übernommen."),
        "task-released": _("Die Aufgabe liegt wieder bei Ihrer Stelle."),
        "task-taken-over": _("Sie haben die Aufgabe in Vertretung übernommen."),
        "substitution-arranged": _("Die Vertretung ist eingerichtet; sie endet von selbst."),
        "substitution-ended": _("Die Vertretung ist beendet."),
        "breaking-point-reported": _("Danke. Die Meldung ist gezählt, ohne Vorgang und Person."),
        "correction-acknowledged": _("Die Berichtigung ist bestätigt."),
        "task-postponed": _("Die Wiedervorlage ist geändert."),
        "deadline-changed": _("Die Frist ist neu berechnet."),
        "contact-set": _("Der Kontakt der Stelle ist gespeichert."),
        "mail-chosen": _("Ihre Wahl ist gespeichert."),
        "closing-day-added": _("Der Schließtag ist eingetragen."),
        "closing-day-removed": _("Der Schließtag ist gestrichen."),
        "filter-saved": _("Der Filter ist gespeichert."),
        "filter-deleted": _("Der Filter ist gelöscht."),
        "task-completed": _("Die Aufgabe ist erledigt."),
        "task-submitted": _(
            "Die Aufgabe wartet auf die Mitzeichnung durch eine zweite Person Ihrer Stelle. Der Vorgang geht danach weiter."
        ),
        "task-confirmed": _("Mitgezeichnet. Der Vorgang geht weiter."),
        "task-given-back": _("Die Aufgabe liegt wieder bei der Person, die sie ausgefüllt hat."),
        "task-added": _("Die Zusatzaufgabe steht im Eingang Ihrer Stelle."),
        "task-dropped": _("Die Zusatzaufgabe ist gestrichen."),
        "draft-saved": _("Der Entwurf ist gespeichert."),
        "handover-acknowledged": _("Der Eingang ist bestätigt."),
        "handover-accepted": _("Die Übergabe ist angenommen; Ihre Stelle ist jetzt zuständig."),
        "handover-returned": _("Die Übergabe ist zurückgegeben."),
        "handover-withdrawn": _("Die Übergabe ist zurückgezogen."),
        "handover-offered": _("Die Übergabe ist erneut angeboten."),
        "handover-talk": _("Das Gespräch ist eingetragen."),
        "handover-incomplete": _("Die abgebende Stelle ist gebeten, das Fehlende zu ergänzen."),
        "handover-supplemented": _("Der Datensatz ist ergänzt."),
        "person-informed": _("Vermerkt: Die Person ist informiert."),
        "handover-reminded": _("Die Stelle ist erinnert."),
        "handover-escalated": _("Die nächste Stufe ist unterrichtet."),
        "case-started": _("Der Vorgang ist angelegt."),
        "batch-planned": _(
            "Die Tabelle ist angenommen. Sie können die Seite verlassen; die Vorgänge werden auch ohne Sie begonnen."
        ),
        "batch-cancelled": _("Es wird keine weitere Zeile begonnen."),
        "model-uploaded": _("Die Modellversion ist geprüft und gespeichert."),
        "model-released": _("Die Modellversion ist freigegeben."),
        "model-in-force": _("Die Modellversion ist in Kraft gesetzt."),
        "model-withdrawn": _("Die Modellversion ist zurückgezogen. Laufende Vorgänge gehen auf ihr weiter."),
        "comment-written": _("Der Vermerk steht im Vorgang."),
        "message-entered": _("Der Eingang ist eingetragen; der Vorgang geht weiter."),
        "document-kept": _("Das Dokument liegt beim Vorgang."),
        "document-removed": _("Das Dokument ist gelöscht."),
        "consent-recorded": _("Die Einwilligung ist eingetragen."),
        "consent-revoked": _(
            "Der Widerruf ist eingetragen; was auf der Einwilligung beruht, ist angehalten."
        ),
        "agreement-signed": _("Ihre Stelle hat gezeichnet."),
        "agreement-withdrawn": _("Die Zeichnung Ihrer Stelle ist zurückgenommen."),
        "agreements-needed": _("Gespeichert; das gilt für neue Vorgänge."),
        "account-created": _("Das Konto ist angelegt."),
        "account-ended": _("Das Konto ist gesperrt."),
        "password-set": _("Das neue Kennwort gilt; alle Sitzungen des Kontos sind beendet."),
        "role-added": _("Die Rolle ist vergeben."),
        "role-removed": _("Die Rolle ist entzogen."),
        "unit-created": _("Die Stelle ist angelegt."),
        "competence-set": _("Die Zuständigkeit ist eingetragen."),
        "token-ended": _("Der Maschinenzugang ist beendet."),
        "webhook-ended": _("Von diesem System wird nichts mehr angenommen."),
        "case-repaired": _("Der Vorgang ist repariert."),
        "incident-retried": _("Der Schritt ist noch einmal versucht worden."),
    }
)


def waiting(request: Request) -> str | None:
    """The text of the notice that the last request left, in German."""
    return TEXTS.get(request.cookies.get(COOKIE, ""))


def leave(response: Response, key: str) -> None:
    """Leave a notice for the next page."""
    assert key in TEXTS  # noqa: S101 - keys are written in this package only
    response.set_cookie(COOKIE, key, max_age=60, path="/", httponly=True, samesite="strict")


def shown(response: Response) -> None:
    """The notice has been shown."""
    response.delete_cookie(COOKIE, path="/", httponly=True, samesite="strict")
