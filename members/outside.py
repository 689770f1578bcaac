"""Asking servers whose addresses people have typed: never one inside the house.

Only https, only addresses out in the world, no redirection, a few seconds, small answers. DEBUG
lets in what is on this machine.
"""

import io
import ipaddress
import socket
import time
from typing import Any
from urllib.parse import urlsplit

import requests
from django.conf import settings
from requests.adapters import HTTPAdapter

CONNECT, READ, WHOLE = 3.0, 5.0, 10.0  # seconds: to be let in, for a part, for all of an answer
MOST = 256 * 1024  # bytes of an answer


class NotOutsideError(requests.RequestException):
    """Nothing was asked: the address is none that may be."""


class TooMuchError(requests.RequestException):
    """The answer was too large, or too slow."""


def check_address(url: str) -> tuple[str, int]:
    """Host and port of an address that may be asked, as it is written. Raises NotOutsideError."""
    try:
        parts = urlsplit(url)
        host, port = (parts.hostname or "").lower(), parts.port
    except ValueError as error:
        raise NotOutsideError("not an address") from error
    if is_this_machine(url):
        return host, port or 80
    if parts.scheme != "https" or not host or "@" in parts.netloc:
        raise NotOutsideError("not an https address")
    try:
        literal = ipaddress.ip_address(host)
    except ValueError:
        return host, port or 443
    if not is_outside(str(literal)):
        raise NotOutsideError("not out in the world")
    return host, port or 443


def is_this_machine(url: str) -> bool:
    """Whether DEBUG lets it in."""
    parts = urlsplit(url)
    return settings.DEBUG and parts.scheme == "http" and parts.hostname == "127.0.0.1"


def is_outside(address: str) -> bool:
    found = ipaddress.ip_address(address)
    inner = getattr(found, "ipv4_mapped", None) or getattr(found, "sixtofour", None)
    return found.is_global and not found.is_multicast and (inner is None or inner.is_global)


def session() -> requests.Session:
    """What asks. Proxies and passwords of the environment are not used."""
    made = requests.Session()
    made.trust_env = False
    made.max_redirects = 0
    for scheme in ("https://", "http://"):
        made.mount(scheme, _Outside())
    return made


class _Outside(HTTPAdapter):
    """Connects to an address that was looked at: what the name says a moment later is not asked."""

    def send(self, request: requests.PreparedRequest, *args: Any, **kwargs: Any) -> Any:
        url = request.url or ""
        host, port = check_address(url)
        address = "127.0.0.1" if is_this_machine(url) else _address_of(host, port)
        request.headers["Host"] = urlsplit(url).netloc
        self._pinned = (host, address)
        kwargs.update(timeout=(CONNECT, READ), stream=True, proxies={}, verify=True)
        response = super().send(request, **kwargs)
        response.raw, unread = io.BytesIO(_read(response.raw)), response.raw
        unread.release_conn()
        return response

    def build_connection_pool_key_attributes(
        self, request: requests.PreparedRequest, verify: Any, cert: Any = None
    ) -> tuple[dict[str, Any], dict[str, Any]]:
        where, how = super().build_connection_pool_key_attributes(request, verify, cert)
        host, address = self._pinned
        where["host"] = address
        if where["scheme"] == "https":  # with the certificate and the name of that host
            how = {**how, "assert_hostname": host, "server_hostname": host}
        return where, how


def _address_of(host: str, port: int) -> str:
    """Where the name leads, if all that it leads to is outside."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise requests.ConnectionError("no address") from error
    addresses = [str(each[4][0]) for each in found]
    if not addresses or not all(map(is_outside, addresses)):
        raise NotOutsideError("not out in the world")
    return addresses[0]


def _read(raw: Any) -> bytes:
    end, content = time.monotonic() + WHOLE, b""
    while part := raw.read1(64 * 1024, decode_content=True):
        content += part
        if len(content) > MOST or time.monotonic() > end:
            raw.close()
            raise TooMuchError("too large, or too slow")
    return content
