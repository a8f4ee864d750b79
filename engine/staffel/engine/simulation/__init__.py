"""Cases under a virtual clock: the same engine, with people played by profiles."""

from __future__ import annotations
