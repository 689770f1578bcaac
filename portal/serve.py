"""The web server, one process, HTTP and the socket: `python -m portal.serve --port 8000`.

Daphne, with what a server that meets strangers needs: bodies are refused before they reach the
disk, slow requests end, errors name nothing, and the long pauses of the garbage collector go.
"""

import os

os.environ.setdefault("ASGI_THREADS", "16")  # read by daphne.server when it is imported

import daphne.server  # isort:skip  first: it chooses Twisted's reactor

import argparse
import asyncio
import gc
import sys
import time
from functools import partial
from typing import Any

from daphne.http_protocol import HTTPFactory, WebRequest
from daphne.ws_protocol import WebSocketProtocol
from django.conf import settings
from twisted.internet import defer, reactor
from twisted.web.http import HTTPChannel

from portal.embedded import ensure_environment

LARGEST_FRAME = 128 * 1024  # bytes; the consumer's limit is in characters, of four bytes at most
BACKLOG = 4096  # a storm of reconnecting clients waits here instead of retrying
MOST_WAITING = 1024 * 1024  # bytes that wait for a socket to be read; one frame may come on top
HEADER_SECONDS = 60  # for all headers of a request, however slowly they drip
BODY_SECONDS = 600  # for its body
ANSWER_SECONDS = 300  # for the answer, a slow download included
LINGER_SECONDS = 10  # a refused client may read the refusal while it still sends
STOP_SECONDS = 5  # for requests under way when the server is told to stop
CLIENT_HEADER = "X-Majlis-Client"  # set here, never taken from a client

TOO_LARGE = (
    "<!doctype html><html lang=en dir=ltr><meta charset=utf-8><title>413</title>"
    "<h1 lang=en>This is larger than the portal accepts (one file: 10 MiB).</h1>"
    "<p lang=ar dir=rtl>هذا أكبر مما تقبله البوابة (الملف الواحد: 10 ميبيبايت).</p>"
    "<p lang=fr>Cet envoi dépasse ce que le portail accepte (un fichier : 10 Mio).</p>"
).encode()
REFUSAL = (
    b"HTTP/1.1 413 Content Too Large\r\n"
    b"Content-Type: text/html; charset=utf-8\r\n"
    b"Content-Length: %d\r\n"
    b"Content-Security-Policy: default-src 'none'\r\n"
    b"X-Content-Type-Options: nosniff\r\n"
    b"Cache-Control: no-store\r\n"
    b"Connection: close\r\n\r\n" % len(TOO_LARGE) + TOO_LARGE
)


class Channel(HTTPChannel):  # type: ignore[misc]
    """One connection: HTTP/1.1, until it is handed to the socket's protocol.

    The names in camel case are Twisted's.
    """

    refused = False
    _deadline: Any = None

    def connectionMade(self) -> None:
        super().connectionMade()
        self._allow(HEADER_SECONDS)

    def lineReceived(self, line: bytes) -> None:
        if not self.refused:
            super().lineReceived(line)

    def rawDataReceived(self, data: bytes) -> None:
        if not self.refused:
            super().rawDataReceived(data)

    def allHeadersReceived(self) -> None:
        if self.length is not None and self.length > settings.MAX_BODY_SIZE:
            self.refuse()
            return
        self._allow(BODY_SECONDS)
        self._name_client()
        super().allHeadersReceived()

    def allContentReceived(self) -> None:
        if not self.refused:
            self._allow(None)
            super().allContentReceived()

    def requestDone(self, request: Any) -> None:
        super().requestDone(request)
        if self.persistent and not self.requests:
            self._allow(HEADER_SECONDS)

    def connectionLost(self, reason: Any) -> None:
        self._allow(None)
        super().connectionLost(reason)

    def refuse(self) -> None:
        """Answer 413 and drop what still comes.

        A connection closed while the client sends would take the answer with it, so what comes is
        read for a moment, into nothing.
        """
        if not self.refused:
            self.refused = True
            self.setTimeout(None)
            self._allow(LINGER_SECONDS)
            self.transport.write(REFUSAL)
            self.transport.loseWriteConnection()

    def _allow(self, seconds: int | None) -> None:
        """So long for what comes next, even if bytes keep dripping; None: no limit."""
        if self._deadline is not None and self._deadline.active():
            self._deadline.cancel()
        self._deadline = None
        if seconds is not None:
            self._deadline = reactor.callLater(seconds, self.transport.abortConnection)

    def _name_client(self) -> None:
        """Behind proxies: the address that the outermost trusted one saw."""
        headers = self.requests[-1].requestHeaders
        headers.removeHeader(CLIENT_HEADER)
        proxies = settings.ALLAUTH_TRUSTED_PROXY_COUNT
        if proxies:
            forwarded = b",".join(headers.getRawHeaders(b"X-Forwarded-For") or []).split(b",")
            if len(forwarded) >= proxies and (address := forwarded[-proxies].strip()):
                headers.setRawHeaders(CLIENT_HEADER.encode(), [address])


class Socket(WebSocketProtocol):  # type: ignore[misc]
    """One WebSocket. Who sends pings and does not read the pongs is cut off, too."""

    def onConnect(self, request: Any) -> Any:
        self.failByDrop = False  # say why with a close frame, instead of hanging up
        return super().onConnect(request)

    def onPing(self, payload: bytes) -> None:
        if _waiting(self.transport) > MOST_WAITING:
            self.transport.abortConnection()
        else:
            super().onPing(payload)


class Request(WebRequest):  # type: ignore[misc]
    """One request, its body counted as it comes."""

    received = 0

    def handleContentChunk(self, data: bytes) -> None:
        self.received += len(data)
        if self.received > settings.MAX_BODY_SIZE:
            self.channel.refuse()
        else:
            super().handleContentChunk(data)

    def basic_error(self, status: int, status_text: bytes, body: str) -> None:
        super().basic_error(status, status_text, "")  # Daphne's reasons name Daphne


class Factory(HTTPFactory):  # type: ignore[misc]
    protocol = Channel

    def buildProtocol(self, address: Any) -> Any:
        channel = super().buildProtocol(address)
        channel.requestFactory = Request
        return channel


class Server(daphne.server.Server):  # type: ignore[misc]
    """Daphne's, with our factory; requests under way may finish when it stops."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.ports: list[Any] = []

    def create_application(self, protocol: Any, scope: dict[str, Any]) -> Any:
        """As Daphne's, with our extension: a text that many sockets get has its frame made once."""
        if scope["type"] == "websocket":
            scope.setdefault("extensions", {})["majlis.wire"] = partial(_write_frame, protocol)
        return super().create_application(protocol, scope)

    def listen_success(self, port: Any) -> None:
        super().listen_success(port)
        self.ports.append(port)
        gc.collect()
        gc.freeze()  # what is loaded by now stays
        gc.set_threshold(20_000, 20, 20)

    def listen_error(self, failure: Any) -> None:
        print(f"The portal cannot listen: {failure.getErrorMessage()}", file=sys.stderr)
        os._exit(1)

    def kill_all_applications(self) -> Any:
        """Take no new connection, let requests end, then end the sockets; a Deferred of that."""
        for port in self.ports:
            port.stopListening()
        last = time.monotonic() + STOP_SECONDS
        stopped: defer.Deferred[None] = defer.Deferred()

        def look() -> None:
            running = {
                protocol: details["application_instance"]
                for protocol, details in self.connections.items()
                if "application_instance" in details and not details["application_instance"].done()
            }
            if time.monotonic() < last and any(isinstance(each, Request) for each in running):
                reactor.callLater(0.05, look)
                return
            for application in running.values():
                application.cancel()
            ended = asyncio.gather(*running.values(), return_exceptions=True)
            ended.add_done_callback(lambda _: stopped.callback(None))

        look()
        return stopped


def _waiting(transport: Any) -> int:
    """Bytes that `transport` could not yet hand to the kernel."""
    return int(len(transport.dataBuffer) - transport.offset + transport._tempDataLen)


def _write_frame(protocol: Any, frame: bytes) -> bool:
    if protocol.state != WebSocketProtocol.STATE_OPEN or protocol.muted:
        return False
    _write(protocol.transport, frame)
    return True


def _write(transport: Any, data: bytes) -> None:
    """Hand `data` to the kernel now, where nothing waits before it; a reader that does not read
    is cut off once MOST_WAITING bytes wait for it. Its browser comes back, and asks sync.

    Twisted's own `write` waits for the loop's next turn and two calls of epoll, for every reader.
    """
    waiting = _waiting(transport)
    if not waiting and transport.connected and not transport.disconnecting:
        try:
            written = transport.socket.send(data)
        except OSError:  # full, or lost, which the write below finds out
            written = 0
        if written == len(data):
            return
        data = data[written:]
    if waiting > MOST_WAITING:
        transport.abortConnection()
    else:
        transport.write(data)


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m portal.serve")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--fd", type=int, help="an inherited listening socket, instead of a port")
    options = parser.parse_args(arguments)

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    ensure_environment()

    from django.urls import get_resolver  # noqa: PLC0415  needs the environment

    from portal.asgi import application  # noqa: PLC0415

    _ = get_resolver().url_patterns  # now, not at the first request

    host = options.host.replace(":", r"\:")
    endpoint = f"tcp:port={options.port}:interface={host}:backlog={BACKLOG}"
    if options.fd is not None:
        endpoint = f"fd:fileno={options.fd}"
    daphne.server.HTTPFactory = Factory  # Daphne's server names them itself
    daphne.server.WebSocketFactory.protocol = Socket
    Server(
        application,
        endpoints=[endpoint],
        http_timeout=ANSWER_SECONDS,
        request_buffer_size=256 * 1024,
        websocket_handshake_timeout=60,
        websocket_connect_timeout=60,
        websocket_max_message_size=LARGEST_FRAME,
        websocket_max_frame_size=LARGEST_FRAME,
        proxy_forwarded_address_header=(
            CLIENT_HEADER if settings.ALLAUTH_TRUSTED_PROXY_COUNT else None
        ),
        proxy_forwarded_proto_header="X-Forwarded-Proto",
        server_name="",
        verbosity=0,
    ).run()


if __name__ == "__main__":
    main()
