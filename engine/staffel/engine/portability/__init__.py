"""Whether a model also runs on SpiffWorkflow, and where the two would differ (ADR-0002). See `check_portability`."""

from __future__ import annotations

from staffel.engine.portability.check import LIMITS, Limits, Portability, Verdict, check_portability

__all__ = ["LIMITS", "Limits", "Portability", "Verdict", "check_portability"]
