"""What happens without anybody asking: due timers, kept messages, mail. Any number of processes may run it at once."""

from __future__ import annotations

from staffel.engine.worker.loop import Worker, remove_documents, run_due
from staffel.engine.worker.mail import Postman, SmtpServer

__all__ = ["Postman", "SmtpServer", "Worker", "remove_documents", "run_due"]
