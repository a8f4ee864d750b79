"""What was typed when the session had ended: carried through the sign-in in the page itself, and back to its form.

Nothing of it is stored: the sign-in page holds it as a hidden field, the page after it as the fields of a form that only shows
the form again, or, where there is no such form, as texts to copy. So nothing is lost, with and without script, and nobody
gets it but who had it on the screen.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence

from starlette.requests import Request

from staffel.api.csrf import FIELD
from staffel.ui.forms.filling import ADD, LOOK, REMOVE

KEPT = "_angaben"
MOST = 200_000
"""Characters of what is carried; no form of people is longer."""
_FORMS = re.compile(r"/aufgaben/[0-9a-f-]{36}/erledigen|/vorgaenge/neu")
_NOT_KEPT = frozenset({FIELD, ADD, REMOVE, LOOK, KEPT})

Typed = Sequence[tuple[str, str]]


def kept(request: Request) -> str:
    """What was sent to a form, as text for a hidden field; empty where there is nothing to go on with."""
    pairs = _sent(request)
    if not can_go_on(request.url.path) and not written(pairs):
        return ""
    text = json.dumps(pairs, ensure_ascii=False)
    return text if len(text) <= MOST else ""


def _sent(request: Request) -> Typed:
    sent = getattr(request.state, "sent", None)
    if sent is None:
        return []
    return [  # every field for a password is called so
        (name, value)
        for name, value in sent.multi_items()
        if isinstance(value, str) and name not in _NOT_KEPT and "kennwort" not in name
    ]


def written(pairs: Typed) -> list[str]:
    """Texts of more than one word: what would have to be thought of again."""
    return [value for _, value in pairs if len(value.split()) > 1]


def written_at(request: Request) -> list[str]:
    """The texts that were sent with a request."""
    return written(_sent(request))


def typed(text: str) -> Typed:
    """The fields of such a text; none where it is not one."""
    try:
        found = json.loads(text) if text and len(text) <= MOST else []
        return [(str(name), str(value)) for name, value in found if name not in _NOT_KEPT]
    except (TypeError, ValueError):
        return []


def can_go_on(path: str) -> bool:
    """Whether a form is sent to this path that can be shown again with what was typed."""
    return _FORMS.fullmatch(path) is not None
