"""Sends notices by mail over SMTP, in a thread of its own: a slow or faulty server holds nothing else up."""

from __future__ import annotations

import logging
import smtplib
import ssl
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.utils import make_msgid

from staffel.engine import cases
from staffel.engine.store import Database

_log = logging.getLogger("staffel.mail")
FIRST_PAUSE, LONGEST_PAUSE = timedelta(minutes=1), timedelta(hours=1)
KINDS = {
    "handover": "neue Übergaben an Ihre Stelle",
    "reminder": "Erinnerungen an überfällige Übergaben",
    "escalation": "Eskalationen überfälliger Übergaben",
    "inform-person": "Übergaben, über die die Person zu informieren ist",
    "due": "Ihre Aufgaben, deren Frist heute oder morgen endet oder überschritten ist",
}


@dataclass(frozen=True, kw_only=True)
class SmtpServer:
    """The operator's mail server. `security`: `starttls`, `tls`, or `none` (on this machine only)."""

    host: str
    port: int
    security: str
    sender: str
    link: str
    user: str = ""
    password: str = ""
    timeout: float = 10.0

    def send(self, message: EmailMessage) -> None:
        """Send one message. Raises `smtplib.SMTPException` or `OSError`."""
        context = ssl.create_default_context()
        if self.security == "tls":
            line: smtplib.SMTP = smtplib.SMTP_SSL(self.host, self.port, timeout=self.timeout, context=context)
        else:
            line = smtplib.SMTP(self.host, self.port, timeout=self.timeout)
        with line:
            if self.security == "starttls":
                line.starttls(context=context)
            if self.user:
                line.login(self.user, self.password)
            line.send_message(message)


class Postman:
    """Looks whose turn it is, sends, and notes what was sent. A server that fails is left alone for longer each time."""

    def __init__(self, database: Database, clock: Callable[[], datetime], server: SmtpServer) -> None:
        self.database = database
        self.clock = clock
        self.server = server
        self._failures = 0
        self._resume: datetime | None = None

    def run(self, stop: threading.Event, interval: float = 5.0) -> None:
        """Work until `stop` is set."""
        while not stop.is_set():
            try:
                self.send_due()
            except Exception:  # the loop outlives the database's absence, and a fault with one mail
                _log.exception("mail could not be looked after")
            stop.wait(interval)

    def send_due(self) -> int:
        """Send what is due; how many mails were sent."""
        now = self.clock()
        if self._resume is not None and now < self._resume:
            return 0
        sent = 0
        for account_id in self.database.read(cases.due_mails, now=now):
            mail = self.database.run(cases.take_mail, now=now, account_id=account_id)
            if mail is None:
                continue
            try:
                self.server.send(message_of(mail, self.server))
            except smtplib.SMTPRecipientsRefused:
                _log.warning("the mail server refused an address", extra={"id": str(account_id)})
                self.database.run(cases.mail_refused, now=now, mail=mail)
            except (smtplib.SMTPException, OSError) as error:
                self._leave_alone(now, error)
                return sent
            else:
                self.database.run(cases.mail_sent, now=now, mail=mail)
                self._failures, self._resume = 0, None
                sent += 1
        self.database.run(cases.forget_mailed, now=now)
        return sent

    def _leave_alone(self, now: datetime, error: Exception) -> None:
        pause = min(FIRST_PAUSE * (1 << min(self._failures, 10)), LONGEST_PAUSE)
        self._failures += 1
        self._resume = now + pause
        _log.error(
            "the mail server %s failed (%s); next try in %s", self.server.host, type(error).__name__, pause
        )


def message_of(mail: cases.Mail, server: SmtpServer) -> EmailMessage:
    """The mail: counts by kind, process and step, and a link. No personal data, no Aktenzeichen."""
    total = sum(number for *_, number in mail.lines)
    message = EmailMessage()
    message["From"] = server.sender
    message["To"] = mail.address
    message["Subject"] = f"Staffel: {total} {'Hinweis' if total == 1 else 'Hinweise'}"
    message["Message-ID"] = make_msgid(domain=server.sender.rpartition("@")[2].strip(">") or None)
    message["Auto-Submitted"] = "auto-generated"
    text: list[str] = []
    told = ""
    for kind, process, step, number in mail.lines:
        if kind != told:
            text += ["", f"{KINDS.get(kind, kind)}:"]
            told = kind
        text.append(
            f"  {number} × {' '.join(f'{process}: {step}'.split()) if step else ' '.join(process.split())}"
        )
    text += [
        "",
        f"Ansehen: {server.link.rstrip('/')}/eingang",
        f"Abbestellen: {server.link.rstrip('/')}/konto",
        "",
    ]
    message.set_content("\n".join(["Guten Tag,", *text]))
    return message
