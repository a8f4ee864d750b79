"""The agreed rule of a handover as data (DOMAIN §3.2)."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec


class HandoverField(msgspec.Struct, frozen=True, kw_only=True):
    """One field of a handover's data set; with `consent` it is passed on only with the person's consent.

    `sensitivity` (`normal`, `sozialdaten`, `art9`, `par203`) stands in the agreement.
    """

    name: str
    required: bool = True
    consent: bool = False
    sensitivity: str = "normal"


class HandoverDocument(msgspec.Struct, frozen=True, kw_only=True):
    """A kind of document that goes along with a handover, and what people call it."""

    kind: str
    title: str = ""


class EscalationLevel(msgspec.Struct, frozen=True, kw_only=True):
    """A level of a rule's path: `after` the end of the Frist (`2AT`), `to` whom in words, and which `role` that is.

    `role`: `teamleitung` of the Stelle that is late, `koordination` of the municipality, or `vereinbarung`: people whom
    the agreement names, whom the coordination turns to. Nobody takes over another Stelle's task.
    """

    after: str
    to: str
    role: str


DEFAULT_PATH = (
    EscalationLevel(after="2AT", to="Teamleitung", role="teamleitung"),
    EscalationLevel(after="4AT", to="Koordination", role="koordination"),
)
"""The way up after the reminder, where the rule agrees on none."""


FRISTEN = ("acknowledge_by", "accept_by", "result_by")
"""The Fristen of a handover, in the order in which they are watched; the index is a Frist's `place`."""
AGREED = "vereinbart"
"""The kind of a Frist of which the rule says none."""
LEGAL = frozenset({"gesetzlich", "soll"})
"""Kinds of Fristen that the law sets; a return between Stellen neither ends nor restarts them (§ 16(2) SGB I)."""


class HandoverRule(msgspec.Struct, frozen=True, kw_only=True):
    """The agreed rule of a handover (DOMAIN §3.2). Lengths like `2AT`; None = the default.

    `fields` None = all variables the receiver's forms and conditions read. `return_reasons` empty = any reason.
    `return_to` names the element a return leads to; `follow_up` the one after `max_returns` returns. `condition` must
    hold when it is offered; with `consent` the whole handover rests on the person's consent. `result_until` gives the
    result's date where there is no length. `warm`: whether the joint talk with the person must (`ja`), should
    (`empfohlen`) or need not (`nein`) come first. `information`: what the person is told, by language. The receiver
    keeps a rejected data set for `delete_after`. `kinds` gives the kinds of its Fristen by the names of `FRISTEN`. Of the sender's documents those of the kinds `documents` go along.
    `extend` is how much the one Verlängerung adds at most, by the names of `FRISTEN` (left out: none); `suspended_by`
    and `extended_by` say who does it: `absender`, `empfaenger` or `beide`. While one of the receiver's steps
    `result_paused_by` runs, the Frist of the result stands still; `suspension_basis` is the law that says so. `agreed`
    stands in the agreement only, by the names of the file (`empfaenger.vertretung`); nothing is computed from it.
    """

    id: str
    kind: str = "falluebergabe"
    fields: tuple[HandoverField, ...] | None = None
    legal_bases: tuple[str, ...] = ()
    acknowledge_within: str = "2AT"
    complete_within: str = "5AT"
    result_within: str | None = None
    kinds: Mapping[str, str] = {}
    return_to: str | None = None
    max_returns: int = 2
    return_reasons: tuple[str, ...] = ()
    follow_up: str | None = None
    condition: str | None = None
    consent: bool = False
    result_until: str | None = None
    answer: tuple[str, ...] = ()
    escalation: tuple[EscalationLevel, ...] = DEFAULT_PATH
    warm: str = "nein"
    information: Mapping[str, str] = {}
    delete_after: str = "10T"
    documents: tuple[HandoverDocument, ...] = ()
    extend: Mapping[str, str] = {}
    suspended_by: str = "empfaenger"
    extended_by: str | None = None
    result_paused_by: tuple[str, ...] = ()
    suspension_basis: str = ""
    agreed: Mapping[str, str] = {}

    def kind_of(self, name: str) -> str:
        """The kind of one of `FRISTEN`."""
        return self.kinds.get(name, AGREED)

    def extending(self, name: str) -> str:
        """Who extends it: what was promised is extended by the sender, to whom it was; what the law sets by whom it binds."""
        return self.extended_by or ("empfaenger" if self.kind_of(name) in LEGAL else "absender")

    def within(self, name: str) -> str | None:
        """The length of one of `FRISTEN`; None for a result that has none, or whose day is named."""
        return (self.acknowledge_within, self.complete_within, self.result_within)[FRISTEN.index(name)]
