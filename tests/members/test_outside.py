"""What is asked of servers whose addresses people have typed, and of which none."""

import ssl
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
import requests
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from members import outside

HOST = "login.kr.example"


@pytest.mark.parametrize(
    "url",
    [
        "http://example.org/", "https://127.0.0.1/", "https://10.0.0.1/x", "https://[::1]/",
        "https://169.254.169.254/", "https://[::ffff:10.0.0.1]/", "https://a:b@example.org/",
        "https://localhost/", "https://[fd00::1]/", "https://0x7f000001/", "http://127.0.0.1/",
    ],
)  # fmt: skip
def test_nothing_inside_is_asked(settings: Any, url: str) -> None:
    settings.DEBUG = False
    with outside.session() as asking, pytest.raises(outside.NotOutsideError):
        asking.get(url)


def certificate(folder: Path) -> tuple[Path, Path]:
    """An authority, and what it says of HOST with the key."""
    now, day = datetime.now(UTC), timedelta(days=1)
    authority, own = (ec.generate_private_key(ec.SECP256R1()) for _ in "12")
    its = x509.SubjectKeyIdentifier.from_public_key(authority.public_key())
    usage = x509.KeyUsage(True, *[False] * 4, True, True, False, False)
    made = []
    for name, key, extensions in (
        ("authority", authority, [(x509.BasicConstraints(True, None), True), (its, False),
                                  (usage, True)]),
        (HOST, own, [(x509.SubjectAlternativeName([x509.DNSName(HOST)]), False),
                     (x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(its), False)]),
    ):  # fmt: skip
        builder = (
            x509.CertificateBuilder()
            .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]))
            .issuer_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "authority")]))
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - day)
            .not_valid_after(now + day)
        )
        for extension, critical in extensions:
            builder = builder.add_extension(extension, critical)
        made.append(builder.sign(authority, hashes.SHA256()).public_bytes(Encoding.PEM))
    trusted, served = folder / "authority.pem", folder / "own.pem"
    trusted.write_bytes(made[0])
    key = own.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    served.write_bytes(made[1] + key)
    return trusted, served


class Answers(BaseHTTPRequestHandler):
    """With the host that was asked for; with too much; with another address."""

    def log_message(self, *args: Any) -> None:
        pass

    def do_GET(self) -> None:
        body = b"x" * (outside.MOST + 1) if self.path == "/much" else self.headers["Host"].encode()
        self.send_response(302 if self.path == "/away" else 200)
        self.send_header("Location", "https://127.0.0.1/")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


@pytest.fixture
def ask(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Any]]:
    """A server out in the world, as far as names go: nothing but its address is of this machine."""
    trusted, served = certificate(tmp_path)
    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(served)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    monkeypatch.setattr(requests.adapters, "DEFAULT_CA_BUNDLE_PATH", str(trusted))
    monkeypatch.setattr(outside, "_address_of", lambda host, port: "127.0.0.1")

    def get(path: str, host: str = HOST) -> str:
        with outside.session() as asking:
            return asking.get(f"https://{host}:{server.server_port}{path}").text

    yield get
    server.shutdown()
    thread.join()
    server.server_close()


def test_the_host_that_is_asked_is_the_one_that_answers(ask: Callable[..., Any]) -> None:
    assert ask("/").startswith(f"{HOST}:")
    with pytest.raises(requests.exceptions.SSLError):  # the certificate is of another
        ask("/", "login.ng.example")


def test_no_more_is_read_and_nowhere_else_looked(ask: Callable[..., Any]) -> None:
    with pytest.raises(outside.TooMuchError):
        ask("/much")
    with pytest.raises(requests.TooManyRedirects):
        ask("/away")
