"""Web push: a message for one browser, by the push service of its maker.

Encrypted for that browser (RFC 8291) and signed as ours (VAPID, RFC 8292): the service learns when
something is sent to whom, never what. Nothing here knows of rooms.
"""

import http.client
import ipaddress
import json
import os
import socket
import ssl
import struct
import time
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urlsplit

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.conf import settings

from majlis_verify.keys import read_bytes

TIMEOUT = 10  # seconds
RECORD = 4096  # bytes of a push message that every service takes
MOST = RECORD - 86 - 17  # of them, what is left for the text: the header, the tag and its delimiter
VALID = 12 * 60 * 60  # seconds for which our signature stands


class Gone(Exception):
    """The browser is told no more: the person has taken it back there."""


class PushFailed(Exception):
    """The service did not take the message; it may be sent again."""


class PushRefused(Exception):
    """The address is none of a push service: nothing was sent."""


class Device(Protocol):
    endpoint: str
    p256dh: str
    auth: str


def has_key() -> bool:
    return bool(settings.VAPID_KEY)


def public_key() -> str:
    """What a browser is given to know our messages by."""
    return _encoded(_point(_private().public_key()))


def send_push(device: Device, payload: Mapping[str, Any], *, ttl: int, topic: str = "") -> None:
    """Hand `payload` to the browser's push service, which keeps it for `ttl` seconds at the most. A
    later message of the same `topic` (at most 32 letters of base64url) replaces one that waits.

    Raises Gone, PushRefused, PushFailed.
    """
    scheme, host, port = check_endpoint(device.endpoint)
    text = json.dumps(payload, ensure_ascii=False, separators=(",", ":")).encode()
    headers = {
        "Authorization": _authorization(device.endpoint),
        "Content-Encoding": "aes128gcm",
        "Content-Type": "application/octet-stream",
        "TTL": str(ttl),
        "Urgency": "normal",
        **({"Topic": topic} if topic else {}),
    }
    connection = _connection(scheme, host, port)
    try:
        parts = urlsplit(device.endpoint)
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        body = encrypted(text, device.p256dh, device.auth)
        connection.request("POST", path, body, headers)
        status = connection.getresponse().status  # of a redirection too: none is followed
    except (OSError, http.client.HTTPException) as error:
        raise PushFailed(f"The push service of {host}: {type(error).__name__}") from error
    finally:
        connection.close()
    if status in (404, 410):
        raise Gone
    if not 200 <= status < 300:
        raise PushFailed(f"The push service of {host}: {status}")


def encrypted(text: bytes, p256dh: str, auth: str) -> bytes:
    """`text` for the browser with these keys: one record of aes128gcm (RFC 8188, 8291).

    Raises ValueError for keys that are none, and for a text over MOST bytes.
    """
    if len(text) > MOST:
        raise ValueError("The message is too long to be pushed")
    theirs = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), decoded(p256dh))
    own = ec.generate_private_key(ec.SECP256R1())
    point, salt = _point(own.public_key()), os.urandom(16)
    info = b"WebPush: info\0" + _point(theirs) + point
    secret = _derived(decoded(auth), own.exchange(ec.ECDH(), theirs), info, 32)
    key = _derived(salt, secret, b"Content-Encoding: aes128gcm\0", 16)
    nonce = _derived(salt, secret, b"Content-Encoding: nonce\0", 12)
    head = salt + struct.pack("!IB", RECORD, len(point)) + point
    return head + AESGCM(key).encrypt(nonce, text + b"\x02", None)


def is_key_pair(p256dh: str, auth: str) -> bool:
    """Whether these are keys that a browser may have made."""
    try:
        encrypted(b"", p256dh, auth)
    except ValueError:
        return False
    return len(decoded(auth)) == 16


def check_endpoint(endpoint: str) -> tuple[str, str, int]:
    """Scheme, host and port of an address that is one of a push service. Raises PushRefused.

    The addresses come from strangers' browsers, and are asked from inside the house: only https at
    the services that browsers use (PUSH_SERVICES). DEBUG lets in what is on this machine.
    """
    try:
        parts = urlsplit(endpoint)
        host, port = (parts.hostname or "").lower(), parts.port
    except ValueError as error:
        raise PushRefused("not an address") from error
    if settings.DEBUG and host == "127.0.0.1":
        return parts.scheme, host, port or 80
    known = any(
        host == name or (name.startswith(".") and host.endswith(name))
        for name in settings.PUSH_SERVICES
    )
    if parts.scheme != "https" or port not in (None, 443) or not known or "@" in parts.netloc:
        raise PushRefused(f"not a push service: {host}")
    return "https", host, 443


def _connection(scheme: str, host: str, port: int) -> http.client.HTTPConnection:
    """To an address that was looked at: what the name says a moment later is not asked."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except OSError as error:
        raise PushFailed(f"The push service of {host}: no address") from error
    addresses = [str(each[4][0]) for each in found]
    if scheme == "http":  # on this machine: see `check_endpoint`
        return http.client.HTTPConnection(addresses[0], port, timeout=TIMEOUT)
    if not all(ipaddress.ip_address(address).is_global for address in addresses):
        raise PushRefused(f"{host} is not out in the world")
    return _Pinned(host, addresses[0])


class _Pinned(http.client.HTTPSConnection):
    """To this address, with the certificate and the name of that host."""

    def __init__(self, host: str, address: str) -> None:
        self._own = ssl.create_default_context()
        self._address = address
        super().__init__(host, 443, timeout=TIMEOUT, context=self._own)

    def connect(self) -> None:
        raw = socket.create_connection((self._address, self.port), self.timeout)
        self.sock = self._own.wrap_socket(raw, server_hostname=self.host)


def _authorization(endpoint: str) -> str:
    """That it is we who send this, to that service (RFC 8292)."""
    parts = urlsplit(endpoint)
    claims = {
        "aud": f"{parts.scheme}://{parts.netloc}",
        "exp": int(time.time()) + VALID,
        "sub": next(iter(settings.SECURITY_CONTACT), settings.PUBLIC_ORIGIN),
    }
    signed = ".".join(
        _encoded(json.dumps(part, separators=(",", ":")).encode())
        for part in ({"typ": "JWT", "alg": "ES256"}, claims)
    )
    r, s = decode_dss_signature(_private().sign(signed.encode(), ec.ECDSA(hashes.SHA256())))
    signature = _encoded(r.to_bytes(32, "big") + s.to_bytes(32, "big"))
    return f"vapid t={signed}.{signature}, k={public_key()}"


def _private() -> ec.EllipticCurvePrivateKey:
    """Raises ValueError for what is no key, OSError for a file that is not there."""
    given = settings.VAPID_KEY
    if "/" in given and Path(given).is_absolute() and Path(given).is_file():
        given = Path(given).read_text()
    return ec.derive_private_key(int.from_bytes(read_bytes(given), "big"), ec.SECP256R1())


def _derived(salt: bytes, secret: bytes, info: bytes, length: int) -> bytes:
    return HKDF(hashes.SHA256(), length, salt, info).derive(secret)


def _point(key: ec.EllipticCurvePublicKey) -> bytes:
    return key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def _encoded(value: bytes) -> str:
    return urlsafe_b64encode(value).rstrip(b"=").decode()


def decoded(text: str) -> bytes:
    """Raises ValueError."""
    return urlsafe_b64decode(text.encode("ascii") + b"=" * (-len(text) % 4))
