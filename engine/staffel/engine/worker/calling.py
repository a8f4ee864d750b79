"""One call of an endpoint over HTTP: JSON out, JSON in, to addresses that its configuration allows, within one time limit."""

from __future__ import annotations

import asyncio
import json
import logging
import socket
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Any, Final
from urllib.parse import quote

import httpx

from staffel.engine.worker.endpoints import FIELD, Endpoint, EndpointsError, Method, Network

METADATA = (ip_address("192.0.0.192"),)
"""Addresses outside of the link-local range at which clouds tell secrets."""
RETRIED: Final = frozenset({408, 425, 429})
"""Statuses below 500 that say: later."""
logging.getLogger("httpx").setLevel(logging.WARNING)  # it logs addresses, and paths hold data of cases

Address = IPv4Address | IPv6Address


@dataclass(frozen=True)
class Answered:
    """The endpoint answered with success; `body` is what the JSON says, None without one."""

    body: Any


@dataclass(frozen=True)
class Rejected:
    """The endpoint answered with a status of 400 to 499."""

    status: int


@dataclass(frozen=True)
class Failed:
    """There is no answer to go on with. `again`: another try may succeed. The reason holds no data of the case."""

    reason: str
    again: bool


Outcome = Answered | Rejected | Failed


def call(endpoint: Endpoint, payload: Mapping[str, Any], key: str) -> Outcome:
    """Send the payload; `key` goes along as `Idempotency-Key`. Never raises for what the network or the endpoint does."""
    return asyncio.run(_call(endpoint, payload, key))


async def _call(endpoint: Endpoint, payload: Mapping[str, Any], key: str) -> Outcome:
    try:
        request = _request(endpoint, dict(payload), key)
    except (httpx.InvalidURL, ValueError):
        return Failed("die Angaben eignen sich nicht für die Adresse des Endpunkts", again=False)
    try:
        if endpoint.credentials:
            request.headers.update(endpoint.credentials.headers())
        async with asyncio.timeout(endpoint.timeout):
            return await _exchange(endpoint, request)
    except EndpointsError:
        return Failed("die Zugangsdaten fehlen", again=False)
    except (TimeoutError, httpx.TimeoutException):
        return Failed(f"keine Antwort in {endpoint.timeout:g} Sekunden", again=True)
    except (httpx.HTTPError, OSError) as error:
        return Failed(f"die Verbindung kam nicht zustande oder brach ab ({type(error).__name__})", again=True)


def _request(endpoint: Endpoint, rest: dict[str, Any], key: str) -> httpx.Request:
    """What is sent, without credentials. Raises `ValueError` and `httpx.InvalidURL` for inputs that make no address."""
    url = httpx.URL(endpoint.url.rstrip("/") + _path(endpoint, rest))
    headers = {"accept": "application/json", "accept-encoding": "identity", "user-agent": "staffel"}
    headers |= {"host": url.netloc.decode(), "idempotency-key": key}
    if endpoint.method is Method.GET:
        given = {name: _plain(value) for name, value in rest.items() if value is not None}
        return httpx.Request(endpoint.method, url.copy_merge_params(given), headers=headers)
    headers["content-type"] = "application/json"
    return httpx.Request(endpoint.method, url, headers=headers, content=json.dumps(rest).encode())


def _path(endpoint: Endpoint, rest: dict[str, Any]) -> str:
    """The path with its fields, which are taken out of `rest`. Raises `ValueError` when one is missing or would change it."""
    values = {name: _plain(rest.pop(name, None)) for name in FIELD.findall(endpoint.path)}
    if any(value.strip(".") == "" for value in values.values()):
        raise ValueError(endpoint.path)
    return FIELD.sub(lambda found: quote(values[found[1]], safe=""), endpoint.path)


def _plain(value: object) -> str:
    """A text or number as it stands in an address; empty for what has no place there."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, (str, int, float, Decimal)) else ""


async def _exchange(endpoint: Endpoint, request: httpx.Request) -> Outcome:
    """Resolve the name, check where it leads, and connect to that very address: it cannot change in between."""
    port = request.url.port or (443 if request.url.scheme == "https" else 80)
    addresses = await _resolve(request.url.host, port)
    if not addresses or not all(is_allowed(endpoint.network, each) for each in addresses):
        return Failed(f"die Adresse liegt nicht dort, wo sie darf (network: {endpoint.network})", again=False)
    request.extensions = {**request.extensions, "sni_hostname": request.url.host}
    request.url = request.url.copy_with(host=str(addresses[0]))
    client = httpx.AsyncClient(
        verify=ssl.create_default_context(),
        timeout=endpoint.timeout,
        follow_redirects=False,
        trust_env=False,
    )
    async with client:
        response = await client.send(request, stream=True)
        try:
            return await _read(endpoint, response)
        finally:
            await response.aclose()


async def _resolve(host: str, port: int) -> list[Address]:
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [ip_address(str(each[4][0]).partition("%")[0]) for each in found]


def is_allowed(network: Network, address: Address) -> bool:
    """Whether an endpoint of this network may have the address. Link-local ones (metadata of clouds) never.

    Nor site-local ones (RFC 3879) and 192.0.0.192 (metadata, too; RFC 6890 has the block for protocols).
    """
    if isinstance(address, IPv6Address):
        if address.is_site_local:
            return False
        address = address.ipv4_mapped or address.sixtofour or address
    if address in METADATA:
        return False
    if network is Network.LOOPBACK or address.is_loopback:
        return network is Network.LOOPBACK and address.is_loopback
    if address.is_link_local or address.is_multicast or address.is_unspecified or address.is_reserved:
        return False
    return address.is_global or (network is Network.PRIVATE and address.is_private)


async def _read(endpoint: Endpoint, response: httpx.Response) -> Outcome:
    status = response.status_code
    if status >= 500 or status in RETRIED:
        return Failed(f"HTTP {status}", again=True)
    if status >= 400:
        return Rejected(status)
    if not 200 <= status < 300:
        return Failed(f"HTTP {status}: Weiterleitungen wird nicht gefolgt", again=False)
    body = bytearray()
    async for part in response.aiter_raw():
        body += part
        if len(body) > endpoint.max_response:
            return Failed(f"die Antwort ist größer als {endpoint.max_response} Byte", again=False)
    return _parsed(response, bytes(body)) if body else Answered(None)


def _parsed(response: httpx.Response, body: bytes) -> Outcome:
    kind = response.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/json" and not kind.endswith("+json"):
        return Failed("die Antwort ist kein JSON (content-type)", again=False)
    try:
        return Answered(json.loads(body, parse_float=Decimal))
    except (ValueError, RecursionError):
        return Failed("die Antwort ist kein lesbares JSON", again=False)
