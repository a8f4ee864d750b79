"""Soundness of models, found by exploring the kernel's own steps over abstract data. See `check_soundness`."""

from __future__ import annotations

from staffel.engine.soundness.check import LIMITS, Limits, check_soundness

__all__ = ["LIMITS", "Limits", "check_soundness"]
