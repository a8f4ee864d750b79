"""What happens without anybody asking: due timers, kept messages, mail, calls of endpoints. Any number of processes may run it at once."""

from __future__ import annotations

from staffel.engine.worker.endpoints import Endpoint, EndpointsError, check_secrets, read_endpoints
from staffel.engine.worker.loop import Worker, remove_documents, run_due
from staffel.engine.worker.mail import Postman, SmtpServer

__all__ = [
    "Endpoint",
    "EndpointsError",
    "Postman",
    "SmtpServer",
    "Worker",
    "check_secrets",
    "read_endpoints",
    "remove_documents",
    "run_due",
]
