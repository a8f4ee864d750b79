"""What the address of the inbox says, and what a kept filter says: the same."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from types import MappingProxyType
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from staffel.api.tasks.counts import SOON
from staffel.api.tasks.filters import DEADLINES, InboxFilter, Order
from staffel.api.tasks.schemas import InboxQuery
from staffel.engine.store.tables import TaskStatus
from staffel.ui.language import marked as _

VIEWS: Mapping[str, str] = MappingProxyType(
    {
        "offen": _("Alle offenen"),
        "faellig": _("Fällig in 7 Tagen"),
        "ueberfaellig": _("Überfällig"),
        "neu": _("Neu"),
        "meine": _("Von mir übernommen"),
        "mitzeichnung": _("Zur Mitzeichnung"),
        "wiedervorlage": _("Wiedervorlage"),
        "vertretung": _("In Vertretung"),
    }
)
KINDS: Mapping[str, bool] = MappingProxyType({"zusatz": True, "verfahren": False})
CLAIMED: Mapping[str, bool] = MappingProxyType({"ja": True, "nein": False})
ORDERS: Mapping[Order, str] = MappingProxyType(
    {
        Order.DUE: _("nach Fälligkeit"),
        Order.NEWEST: _("die neuesten zuerst"),
        Order.REFERENCE: _("nach Aktenzeichen"),
        Order.STEP: _("nach Schritt"),
        Order.PROCESS: _("nach Prozess"),
        Order.DEADLINE: _("nach Art der Frist"),
        Order.PERSON: _("nach Person"),
        Order.MUNICIPALITY: _("nach Kommune"),
    }
)


@dataclass(frozen=True, kw_only=True)
class Search:
    """What the address of the inbox says: the view, the filter, the order."""

    view: str = "offen"
    reference: str = ""
    process: str = ""
    name: str = ""
    deadline: str = ""
    claimed: str = ""
    unit: str = ""
    team: str = ""
    municipality: str = ""
    kind: str = ""
    order: str = "due"

    @property
    def is_narrow(self) -> bool:
        """Whether anything but the view and the order is asked for."""
        return bool(self.query.keys() - {"ansicht", "sortierung"})

    @property
    def query(self) -> dict[str, str]:
        """The names and values of the address."""
        found = {
            "ansicht": self.view,
            "az": self.reference,
            "prozess": self.process,
            "schritt": self.name,
            "frist": self.deadline,
            "uebernommen": self.claimed,
            "zustaendig": self.unit,
            "team": self.team,
            "kommune": self.municipality,
            "art": self.kind,
            "sortierung": self.order if self.order != "due" else "",
        }
        return {name: value for name, value in found.items() if value}

    def filter(self, now: datetime) -> InboxFilter:
        """The same for the list."""
        before = {"faellig": now + SOON, "ueberfaellig": now}
        return InboxFilter(
            **self._narrowed(),
            status={"neu": TaskStatus.OPEN, "mitzeichnung": TaskStatus.CHECKING}.get(self.view),
            mine=self.view == "meine",
            due_before=before.get(self.view),
            postponed=self.view == "wiedervorlage",
            to_take_over=self.view == "vertretung",
            order=Order(self.order),
        )

    def kept(self) -> InboxQuery:
        """The same as a filter to be kept."""
        return InboxQuery(view=self.view, order=self.order, **self._narrowed())

    def address(self, **other: str) -> str:
        """The address of the inbox; `other` says what is other there."""
        return f"/eingang?{urlencode(replace(self, **other).query)}"

    def _narrowed(self) -> dict[str, Any]:
        """What `InboxFilter` and `InboxQuery` call the same."""
        return {
            "reference": self.reference or None,
            "process": self.process or None,
            "name": self.name or None,
            "deadline": self.deadline or None,
            "claimed": CLAIMED.get(self.claimed),
            "person": _id_of(self.claimed),
            "unit": _id_of(self.unit),
            "team": _id_of(self.team),
            "municipality": self.municipality or None,
            "added": KINDS.get(self.kind),
        }


def search_of(given: Mapping[str, Any]) -> Search:
    """What an address or a sent form says; what is unknown is left out."""
    found = {name: str(value).strip()[:200] for name, value in given.items() if isinstance(value, str)}
    view, order = found.get("ansicht", ""), found.get("sortierung", "")
    deadline, claimed = found.get("frist", ""), found.get("uebernommen", "")
    return Search(
        view=view if view in VIEWS else "offen",
        reference=found.get("az", ""),
        process=found.get("prozess", ""),
        name=found.get("schritt", ""),
        deadline=deadline if deadline in DEADLINES else "",
        claimed=claimed if claimed in CLAIMED or _id_of(claimed) else "",
        unit=str(_id_of(found.get("zustaendig", "")) or ""),
        team=str(_id_of(found.get("team", "")) or ""),
        municipality=found.get("kommune", "")[:8],
        kind=found.get("art", "") if found.get("art") in KINDS else "",
        order=order if order in set(Order) else "due",
    )


def search_of_kept(query: InboxQuery) -> Search:
    """What a kept filter says."""
    claimed = next((said for said, value in CLAIMED.items() if value is query.claimed), "")
    return Search(
        view=query.view,
        order=query.order,
        reference=query.reference or "",
        process=query.process or "",
        name=query.name or "",
        deadline=query.deadline or "",
        claimed=str(query.person or claimed),
        unit=str(query.unit or ""),
        team=str(query.team or ""),
        municipality=query.municipality or "",
        kind=next((kind for kind, added in KINDS.items() if added is query.added), ""),
    )


def _id_of(said: str) -> UUID | None:
    try:
        return UUID(said)
    except ValueError:
        return None
