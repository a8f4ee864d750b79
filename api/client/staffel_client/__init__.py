"""Do service tasks of Staffel from outside: fetch, extend, complete, fail, report a BPMN error."""

from __future__ import annotations

from staffel_client.client import StaffelClient, Work
from staffel_client.errors import LeaseLost, OutcomeUnknown, Refused, StaffelError, Unreachable
from staffel_client.worker import BpmnError, Failure, Handler, Worker

__all__ = [
    "BpmnError",
    "Failure",
    "Handler",
    "LeaseLost",
    "OutcomeUnknown",
    "Refused",
    "StaffelClient",
    "StaffelError",
    "Unreachable",
    "Work",
    "Worker",
]
