"""The calls of `/api/v1/work`, with patience: what is lost on the way, or refused for now, is sent again."""

from __future__ import annotations

import ipaddress
import random
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from http import HTTPStatus
from types import TracebackType
from typing import Any, Self
from uuid import UUID

import httpx

from staffel_client.errors import LeaseLost, OutcomeUnknown, Refused, Unreachable

LONGEST_PAUSE = 60.0
_FOR_NOW = {HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.BAD_GATEWAY, HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.GATEWAY_TIMEOUT}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """A leased piece of work. `payload` holds what the task's `staffel:input` maps, as JSON values.

    `id` stays the same through all tries: make outside effects once per `id`.
    """

    id: UUID
    case_id: UUID
    reference: str
    element: str
    topic: str
    payload: Mapping[str, Any]
    retries: int
    lease_until: datetime


class StaffelClient:
    """One program's way to Staffel; may be used by several threads.

    `url` is the address of the installation (`https://staffel.example`), `token` a machine token with the scope `work`,
    `worker` names the program that holds the leases: every process of it needs a name of its own.
    """

    def __init__(
        self,
        url: str,
        token: str,
        *,
        worker: str,
        timeout: float = 30.0,
        tries: int = 5,
        transport: httpx.BaseTransport | None = None,
        sleep: Callable[[float], object] = time.sleep,
    ) -> None:
        _need_safe(url)
        self.worker = worker
        self._tries = max(tries, 1)
        self._sleep = sleep
        self._http = httpx.Client(
            base_url=f"{url.rstrip('/')}/api/v1/work/",
            headers={"authorization": f"Bearer {token}", "user-agent": "staffel-client/0.1"},
            timeout=timeout,
            follow_redirects=False,
            transport=transport,
        )

    def fetch(
        self, topics: Sequence[str], *, lease: timedelta = timedelta(minutes=5), limit: int = 10
    ) -> list[Work]:
        """Lease up to `limit` (at most 100) pieces of work of the topics. An empty list: there is none now."""
        body = {"topics": list(topics), "lease": lease.total_seconds(), "limit": limit}
        return [_work(each) for each in self._post("fetch", body).json()]

    def extend(self, work: Work, lease: timedelta = timedelta(minutes=5)) -> datetime:
        """Keep the lease until `lease` from now; returns when it ends. Raises `LeaseLost`."""
        answer = self._post(f"{work.id}/extend", {"lease": lease.total_seconds()})
        return datetime.fromisoformat(answer.json()["lease_until"])

    def complete(self, work: Work, variables: Mapping[str, Any] | None = None) -> None:
        """The work is done; `variables` (JSON values) are its results. Raises `LeaseLost`, `OutcomeUnknown`."""
        self._report(work, "complete", {"variables": dict(variables or {})})

    def fail(
        self, work: Work, message: str, *, retries: int | None = None, retry_in: timedelta | None = None
    ) -> None:
        """The work failed. It is offered again after a pause that grows; without `retries` left an incident stands.

        `retries` (default: one less than before) are those left, `retry_in` (default: from 10 s doubling, at most 1 h)
        the pause. The message is shown to people in incidents: no personal data, at most 4,000 characters.
        """
        body: dict[str, Any] = {"message": message[:4000] or "failed"}
        if retries is not None:
            body["retries"] = retries
        if retry_in is not None:
            body["retry_in"] = retry_in.total_seconds()
        self._report(work, "fail", body)

    def throw(self, work: Work, code: str, variables: Mapping[str, Any] | None = None) -> None:
        """Report a BPMN error: the nearest event of the model that catches `code` takes it."""
        self._report(work, "error", {"code": code, "variables": dict(variables or {})})

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _report(self, work: Work, what: str, body: Mapping[str, Any]) -> None:
        self._post(f"{work.id}/{what}", body)

    def _post(self, path: str, body: Mapping[str, Any]) -> httpx.Response:
        is_report = path != "fetch" and not path.endswith("/extend")
        answer_lost = False
        trouble = ""
        for number in range(self._tries):
            wait = _pause(number)
            try:
                answer = self._http.post(path, json={"worker": self.worker, **body})
            except httpx.TransportError as error:
                answer_lost = answer_lost or not isinstance(error, httpx.ConnectError | httpx.ConnectTimeout)
                trouble = f"{type(error).__name__}: {error}"
            else:
                if answer.status_code not in _FOR_NOW:
                    return _checked(answer, answer_lost=answer_lost and is_report)
                answer_lost = answer_lost or answer.status_code != HTTPStatus.TOO_MANY_REQUESTS
                trouble = f"status {answer.status_code}"
                wait = max(wait, _asked_pause(answer))
            if number + 1 < self._tries:
                self._sleep(min(wait, LONGEST_PAUSE))
        raise Unreachable(f"no answer from {self._http.base_url} in {self._tries} tries; the last: {trouble}")


def _checked(answer: httpx.Response, *, answer_lost: bool) -> httpx.Response:
    if answer.is_success:
        return answer
    try:
        problem = answer.json()
    except ValueError:
        problem = {}
    if not isinstance(problem, dict):
        problem = {}
    code = str(problem.get("code", "unexpected-answer"))
    detail = str(problem.get("detail", f"expected an answer of Staffel, found status {answer.status_code}"))
    if code == "lease-lost" and answer_lost:
        raise OutcomeUnknown(detail)
    kind = LeaseLost if code == "lease-lost" else Refused
    raise kind(answer.status_code, code, detail, str(problem.get("request_id", "")))


def _pause(number: int) -> float:
    """Half a second, doubling, with chance in it, so that many programs do not come back at the same moment."""
    return float(min(0.5 * 2**number, LONGEST_PAUSE) * random.uniform(0.5, 1.0))  # noqa: S311 - no secret


def _asked_pause(answer: httpx.Response) -> float:
    said = answer.headers.get("retry-after", "")
    return float(said) if said.isdecimal() else 0.0


def _work(found: Mapping[str, Any]) -> Work:
    return Work(
        id=UUID(found["id"]),
        case_id=UUID(found["case_id"]),
        reference=found["reference"],
        element=found["element"],
        topic=found["topic"],
        payload=found["payload"],
        retries=found["retries"],
        lease_until=datetime.fromisoformat(found["lease_until"]),
    )


def _need_safe(url: str) -> None:
    """A token must not travel in the clear: https, or this machine."""
    address = httpx.URL(url)
    if address.scheme == "https" or (address.scheme == "http" and _is_here(address.host)):
        return
    raise ValueError(f"expected an https address (http only for this machine), found {url!r}")


def _is_here(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
