"""Soundness of models, found by exploring the kernel's own steps over abstract data. See `explore`."""

from __future__ import annotations

from staffel.engine.soundness.check import LIMITS, Exploration, Limits, check_soundness, explore

__all__ = ["LIMITS", "Exploration", "Limits", "check_soundness", "explore"]
