"""Forms of models as web forms: fields to show, and values to read from what was sent."""

from __future__ import annotations

from staffel.ui.forms.fields import Field, Group, Info, Rows, lay_out

__all__ = ["Field", "Group", "Info", "Rows", "lay_out"]
