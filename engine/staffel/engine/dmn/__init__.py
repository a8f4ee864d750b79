"""DMN 1.1–1.5: read a model once, decide often, explain every decision. No I/O, no clock, no database."""

from __future__ import annotations

from staffel.engine.dmn.check import check_model, check_table
from staffel.engine.dmn.explanation import explain_text
from staffel.engine.dmn.graph import Decision, InputData, Service
from staffel.engine.dmn.model import DecisionModel, DecisionNotInForce, DecisionResult, DecisionUnknown
from staffel.engine.dmn.reader import read_dmn
from staffel.engine.dmn.tables import DecisionTable, HitPolicy
from staffel.engine.dmn.validity import ALWAYS, Validity
from staffel.engine.feel.errors import Problem

__all__ = [
    "ALWAYS",
    "Decision",
    "DecisionModel",
    "DecisionNotInForce",
    "DecisionResult",
    "DecisionTable",
    "DecisionUnknown",
    "HitPolicy",
    "InputData",
    "Problem",
    "Service",
    "Validity",
    "check_model",
    "check_table",
    "explain_text",
    "read_dmn",
]
