"""What can go wrong between a program and Staffel."""

from __future__ import annotations


class StaffelError(Exception):
    """Something between this program and Staffel failed."""


class Unreachable(StaffelError):  # noqa: N818 - says what happened
    """Staffel did not answer, or not now, in all tries; nothing is known to have changed. Try again later."""


class Refused(StaffelError):  # noqa: N818 - says what happened
    """Staffel said no. `code` is stable (docs: problem documents), `status` the HTTP status, `detail` tells why."""

    def __init__(self, status: int, code: str, detail: str, request_id: str = "") -> None:
        super().__init__(f"{code} ({status}): {detail}" + (f" [request {request_id}]" if request_id else ""))
        self.status = status
        self.code = code
        self.detail = detail
        self.request_id = request_id


class LeaseLost(Refused):
    """The work is not leased to this program any more: too late, or done already. Leave it; it is offered again."""


class OutcomeUnknown(StaffelError):  # noqa: N818 - says what happened
    """A report was sent and its answer lost, and the lease is gone now: it most likely arrived the first time.

    Whoever makes effects outside makes them once per `Work.id`, so nothing needs to be done.
    """
