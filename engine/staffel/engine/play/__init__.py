"""Try models out in memory: the kernel under a virtual clock, without a database. See `Player`."""

from __future__ import annotations

from staffel.engine.play.player import BpmnError, Case, Entry, Message, Player, Stub
from staffel.engine.play.waiting import Waiting

__all__ = ["BpmnError", "Case", "Entry", "Message", "Player", "Stub", "Waiting"]
