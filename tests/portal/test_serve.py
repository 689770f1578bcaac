"""The web server as a real process: what it refuses, what it hides, how it ends."""

import http.client
import os
import shutil
import signal
import socket
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import psutil
import pytest
from twisted.web.http_headers import Headers
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import connect

from portal.serve import CLIENT_HEADER, Channel
from tests.processes import OwnValkey, Portal, create_database, drop_database, wait_until

pytestmark = pytest.mark.processes
MIB = 1024 * 1024


@pytest.fixture(scope="module")
def portal(collected_static: None, migrated_template: str) -> Iterator[Portal]:
    """A running portal whose temporary files go to `spool`; it serves all who do not end it."""
    directory = Path(tempfile.mkdtemp(prefix="majlis-"))
    (directory / "spool").mkdir()
    valkey = OwnValkey(directory)
    valkey.start()
    name = f"serve_{uuid4().hex[:12]}"
    portal = Portal(
        directory / "portal",
        database_url=create_database(name, migrated_template),
        redis_url=valkey.url,
        TMPDIR=str(directory / "spool"),
    )
    yield portal.start()
    drop_database(name)
    valkey.stop()
    shutil.rmtree(directory)


@pytest.fixture
def own_portal(
    portal_process: Callable[..., Portal], fresh_database: str, own_valkey: OwnValkey
) -> Portal:
    """One that a test may start and end; not running yet."""
    return portal_process(database_url=fresh_database, redis_url=own_valkey.url)


def send_slowly(portal: Portal, head: bytes, chunks: int, frame: bool) -> tuple[bytes, int]:
    """Send `head` and then MiBs until the server answers or hangs up; the answer, and how many."""
    body = b"\0" * MIB
    chunk = b"%x\r\n%s\r\n" % (MIB, body) if frame else body
    with socket.create_connection(("127.0.0.1", portal.port), timeout=15) as stream:
        stream.sendall(head)
        sent = 0
        answer = b""
        stream.settimeout(0.05)
        while sent < chunks and not answer:
            try:
                stream.settimeout(5)
                stream.sendall(chunk)
                sent += 1
                stream.settimeout(0.02)
                answer = stream.recv(65536)
            except TimeoutError:
                continue
            except OSError:
                break
        stream.settimeout(15)
        while True:
            try:
                more = stream.recv(65536)
            except OSError:
                break
            if not more:
                break
            answer += more
        return answer, sent


def spooled(portal: Portal) -> int:
    """Bytes that the server's open temporary files take on the disk."""
    total = 0
    for link in Path(f"/proc/{portal.process.pid}/fd").iterdir():  # type: ignore[union-attr]
        try:
            if "spool" in os.readlink(link):
                total += link.stat().st_size
        except OSError:
            continue
    return total


def head_of(portal: Portal, *headers: str) -> bytes:
    lines = ["POST /en/nothing-here/ HTTP/1.1", f"Host: 127.0.0.1:{portal.port}", *headers]
    return "\r\n".join([*lines, "", ""]).encode()


def memory(portal: Portal) -> int:
    assert portal.process is not None
    return psutil.Process(portal.process.pid).memory_info().rss


@pytest.mark.parametrize("megabytes", [11, 300])
def test_declared_body_over_the_limit_is_refused_at_once(portal: Portal, megabytes: int) -> None:
    before = memory(portal)
    answer, sent = send_slowly(
        portal, head_of(portal, f"Content-Length: {megabytes * MIB}"), megabytes, frame=False
    )
    assert answer.startswith(b"HTTP/1.1 413 ")
    assert b"Connection: close" in answer
    assert "الملف الواحد".encode() in answer
    assert sent <= 12
    assert spooled(portal) == 0
    assert memory(portal) - before < 10 * MIB
    assert portal.answers()


def test_chunked_body_is_counted_and_cut(portal: Portal) -> None:
    before = memory(portal)
    answer, sent = send_slowly(
        portal, head_of(portal, "Transfer-Encoding: chunked"), 300, frame=True
    )
    assert answer.startswith(b"HTTP/1.1 413 ")
    assert 10 <= sent <= 40
    wait_until(lambda: spooled(portal) == 0, seconds=15, what="an empty spool")
    assert memory(portal) - before < 40 * MIB
    assert portal.answers()


def test_client_that_asks_first_is_refused_before_it_sends(portal: Portal) -> None:
    head = head_of(portal, f"Content-Length: {300 * MIB}", "Expect: 100-continue")
    with socket.create_connection(("127.0.0.1", portal.port), timeout=5) as stream:
        stream.sendall(head)
        assert stream.recv(100).startswith(b"HTTP/1.1 413 ")


def test_body_within_the_limit_arrives(portal: Portal) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", portal.port, timeout=20)
    connection.request("POST", "/en/nothing-here/", body=b"\0" * (10 * MIB))
    response = connection.getresponse()
    assert response.status in (403, 404)  # read whole, then answered by the portal
    assert response.getheader("Content-Security-Policy")
    connection.close()


def test_server_names_neither_itself_nor_its_reasons(portal: Portal) -> None:
    with socket.create_connection(("127.0.0.1", portal.port), timeout=5) as stream:
        stream.sendall(b"GET /\xff HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        answer = b""
        while more := stream.recv(4096):
            answer += more
    assert answer.startswith(b"HTTP/1.1 400 ")
    for word in (b"server:", b"daphne", b"twisted", b"traceback"):
        assert word not in answer.lower()
    connection = http.client.HTTPConnection("127.0.0.1", portal.port, timeout=5)
    connection.request("GET", "/healthz")
    assert connection.getresponse().getheader("Server") is None
    connection.close()


def test_headers_that_drip_are_cut(own_portal: Portal) -> None:
    portal = own_portal
    portal.process = portal._run(
        "-c",
        "from portal import serve; serve.HEADER_SECONDS = 2; "
        f"serve.main(['--port', '{portal.port}'])",
    )
    wait_until(portal.answers)
    began = time.monotonic()
    with socket.create_connection(("127.0.0.1", portal.port), timeout=10) as stream:
        stream.sendall(b"GET /healthz HTTP/1.1\r\n")
        cut = False
        while not cut and time.monotonic() - began < 8:
            time.sleep(0.2)
            try:
                stream.sendall(b"X")  # each byte would start an idle time-out anew
            except ConnectionError:
                cut = True
    assert cut
    assert 1.5 < time.monotonic() - began < 8


def test_socket_upgrades(portal: Portal) -> None:
    with connect(
        f"ws://127.0.0.1:{portal.port}/ws/", origin=portal.url, open_timeout=10
    ) as websocket:
        with pytest.raises(ConnectionClosed):
            websocket.recv(timeout=10)  # a stranger: accepted, told, closed
        assert websocket.close_code is not None
        assert websocket.close_code >= 4000


def test_socket_of_another_origin_is_refused(portal: Portal) -> None:
    with pytest.raises(InvalidStatus) as refused:
        connect(f"ws://127.0.0.1:{portal.port}/ws/", origin="https://elsewhere.example")
    assert refused.value.response.status_code == 403


def test_told_to_stop_it_answers_what_it_began(own_portal: Portal) -> None:
    portal = own_portal.start()
    assert portal.process is not None
    streams = [socket.create_connection(("127.0.0.1", portal.port), timeout=10) for _ in range(5)]
    for stream in streams:
        stream.sendall(b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
    portal.process.send_signal(signal.SIGTERM)
    for stream in streams:
        assert stream.recv(100).startswith(b"HTTP/1.1 200 ")
        stream.close()
    assert portal.process.wait(10) == 0
    assert "Traceback" not in portal.log.read_text()


def test_port_that_is_taken_is_said_in_a_sentence(portal: Portal) -> None:
    second = Portal(
        portal.directory.parent / "second",
        database_url=portal.environment["DATABASE_URL"],
        redis_url=portal.environment["REDIS_URL"],
        port=portal.port,
    )
    process = second._run("-m", "portal.serve", f"--port={portal.port}")
    assert process.wait(20) == 1
    assert second.log.read_text().startswith("The portal cannot listen: ")


@pytest.mark.parametrize(
    ("proxies", "forwarded", "believed"),
    [
        (0, "203.0.113.9", None),
        (1, "203.0.113.9", "203.0.113.9"),
        (1, "10.0.0.1, 203.0.113.9", "203.0.113.9"),  # the first is what the client wrote
        (2, "10.0.0.1, 203.0.113.9, 192.0.2.1", "203.0.113.9"),
        (2, "203.0.113.9", None),
        (1, None, None),
    ],
)
def test_client_is_who_the_trusted_proxy_saw(
    settings: Any, proxies: int, forwarded: str | None, believed: str | None
) -> None:
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = proxies
    headers = Headers({CLIENT_HEADER: ["198.51.100.7"]})  # claimed, and never believed
    if forwarded is not None:
        headers.setRawHeaders("X-Forwarded-For", [forwarded])
    channel = Channel()
    channel.requests = [SimpleNamespace(requestHeaders=headers)]
    channel._name_client()
    assert headers.getRawHeaders(CLIENT_HEADER) == ([believed] if believed else None)
