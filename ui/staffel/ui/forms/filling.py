"""A model's form while somebody fills it in: what is shown, what was typed, what must be asked again before it counts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from starlette.datastructures import FormData

from staffel.engine.library.forms import Form, ValuesDoubtful, ValuesRefused
from staffel.engine.library.typed import raw_of, read_values, tidied
from staffel.ui.forms.fields import Part, lay_out
from staffel.ui.language import Language

ADD, REMOVE, LOOK, ASKED, CONFIRMED = "_zeile", "_ohne", "_zeigen", "_gefragt", "_bestaetigt"
"""Fields of the page itself: the list that gets a row, the row to take away, show the form as it is now, conditional parts that
the person saw, and that unusual values are right.
"""


class Filling:
    """`stored` are the values (JSON) that the fields have so far, `sent` what was typed since.

    `documents` are those that fields may name, id and name; None where none can be uploaded.
    """

    def __init__(
        self,
        form: Form,
        *,
        language: Language,
        now: datetime,
        stored: Mapping[str, Any],
        sent: FormData | None = None,
        documents: Mapping[str, str] | None = None,
    ) -> None:
        self.form = form
        self._language, self._stored, self._sent = language, stored, sent
        self._documents = documents
        self.raw: Mapping[str, Sequence[str]] | None = None
        if sent is not None:
            self.raw = tidied(form.schema, raw_of(sent.multi_items()), without=_text(sent, REMOVE))
        self.values = dict(stored) if self.raw is None else read_values(form.schema, self.raw)
        """What the fields hold, typed as the schema says."""
        self._view = form.view(self.values, given=stored, now=now)

    @property
    def is_confirmed(self) -> bool:
        """Whether the person said that unusual values are right."""
        return self._sent is not None and bool(_text(self._sent, CONFIRMED))

    @property
    def only_looks(self) -> bool:
        """Whether the form is to be shown again, with a row more or less or as it is now, and nothing to be done."""
        return self._sent is not None and any(_text(self._sent, name) for name in (ADD, REMOVE, LOOK))

    @property
    def has_more(self) -> bool:
        """Whether what was typed opened parts that the person has not seen."""
        asked = self._sent.getlist(ASKED) if self._sent is not None else []
        return self._sent is not None and not self._view.open <= {str(each) for each in asked}

    def parts(self, errors: Mapping[str, str] | None = None) -> list[Part]:
        """The parts of the page."""
        added = _text(self._sent, ADD) if self._sent is not None else ""
        return lay_out(
            self.form.schema,
            self.form.ui,
            language=self._language,
            values=self._stored,
            raw=self.raw,
            errors=errors,
            extra_rows={added: 1},
            view=self._view,
            documents=self._documents,
        )


def errors_of(refusal: ValuesRefused | ValuesDoubtful, language: Language) -> dict[str, str]:
    """The messages by field, in the reader's language; those of the whole form under the empty name."""
    found: dict[str, str] = {}
    for fault in refusal.details.get("fields", ()):
        message = fault[f"text_{language.value}"]
        before = found.get(fault["field"])
        found[fault["field"]] = f"{before} {message}" if before else message
    return found


def _text(sent: FormData, name: str) -> str:
    found = sent.get(name, "")
    return found if isinstance(found, str) else ""
