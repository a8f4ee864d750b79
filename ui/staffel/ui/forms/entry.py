"""Forms of Staffel's own pages: what somebody typed, and what was wrong with it, field by field."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from starlette.datastructures import FormData

from staffel.engine.errors import NotFound, Refusal
from staffel.ui.forms.fields import Field
from staffel.ui.language import Language

SECRET = "password"  # noqa: S105 - the kind of an input


class Entry:
    """The fields of a form, filled with what was sent. Passwords are not shown again.

    `general` is what was wrong with no field in particular.
    """

    def __init__(self, fields: Sequence[Field], language: Language, sent: FormData | None = None) -> None:
        self.fields = fields
        self.general = ""
        self._language = language
        self._sent = sent
        if sent is not None:
            for field in fields:
                field.values = self.all(field.name)
                field.value = self[field.name] if field.widget != SECRET else ""
            self._check()

    @property
    def language(self) -> Language:
        """The language of its messages."""
        return self._language

    def __getitem__(self, name: str) -> str:
        """What was typed into a field, without outer blanks but for passwords; empty when nothing was."""
        found = self._sent.get(name, "") if self._sent is not None else ""
        if not isinstance(found, str):
            return ""
        secret = any(field.name == name and field.widget == SECRET for field in self.fields)
        return found if secret else found.strip()

    def all(self, name: str) -> list[str]:
        """Everything that was ticked under a name."""
        found = self._sent.getlist(name) if self._sent is not None else []
        return [value for value in found if isinstance(value, str) and value]

    @property
    def faults(self) -> list[Field]:
        """The fields with an error."""
        return [field for field in self.fields if field.error]

    @property
    def fits(self) -> bool:
        """Whether nothing is wrong so far."""
        return not self.faults and not self.general

    def refuse(self, name: str, message: str) -> None:
        """Say what is wrong with a field; with a name that is none of the fields, with the whole."""
        field = next((field for field in self.fields if field.name == name), None)
        if field is None:
            self.general = message
        else:
            field.error = message

    def take(self, refusal: Refusal, places: Mapping[str, str]) -> None:
        """Show a refusal at its field (`places`: field by code). What is not visible stays a page of its own."""
        if isinstance(refusal, NotFound):
            raise refusal
        message = refusal.message_de if self._language is Language.DE else str(refusal)
        self.refuse(places.get(refusal.code, ""), message)

    def _check(self) -> None:
        """What every form asks: required fields are filled in, choices are among the options, texts are not too long."""
        say = self._language.text
        for field in self.fields:
            typed = self.all(field.name)
            longest = field.limits.get("maxLength")
            if field.required and not any(text.strip() for text in typed):
                field.error = say("Bitte ausfüllen.")
            elif field.options and not {value for value, _ in field.options}.issuperset(typed):
                field.error = say("Bitte wählen Sie einen der angebotenen Werte.")
            elif longest and any(len(text) > longest for text in typed):
                field.error = say("Höchstens %(longest)s Zeichen.", longest=longest)
