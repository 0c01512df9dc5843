"""The line between a device and the server, which fails where a test wants it to; and the server, which is replaced."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from enum import StrEnum
from socketserver import BaseRequestHandler, ThreadingTCPServer

from flask import Flask
from werkzeug.serving import BaseWSGIServer, make_server

HOST = "127.0.0.1"
PIECE = 65536
OTHER_PAGE = b"HTTP/1.1 %s\r\nContent-Type: text/html\r\nConnection: close\r\n\r\n<h1>Guest network</h1>"


class Fault(StrEnum):
    """Where a request is cut, or who answers instead of the server."""

    BEFORE = "before"
    HALF_SENT = "half of it left the device"
    HALF_ARRIVED = "half of it reached the server"
    ANSWER_LOST = "it was done, and the answer is lost"
    HALF_ANSWER = "it was done, and half of the answer came"
    PORTAL = "a guest network answers that all is well"
    UNAVAILABLE = "a proxy answers that the server is away"


class Line(ThreadingTCPServer):
    """A line to a server: it passes on every request, but for the next ones of a path that a fault is set on."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, server: BaseWSGIServer) -> None:
        super().__init__((HOST, 0), _Request)
        self.to = server.port
        self.is_cut = False
        self.faults: list[tuple[bytes, Fault]] = []

    @property
    def address(self) -> str:
        """The beginning of every address of the site, as the device sees it."""
        return f"http://{HOST}:{self.server_address[1]}"

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing of a connection that somebody cut: that is what it is for."""

    def fault_of(self, head: bytes) -> Fault | None:
        """Take the fault that is set on this request, or None."""
        if self.is_cut:
            return Fault.BEFORE
        for place, (wanted, fault) in enumerate(self.faults):
            if head.startswith(wanted):
                del self.faults[place]
                return fault
        return None


class _Request(BaseRequestHandler):
    server: Line
    request: socket.socket

    def handle(self) -> None:
        """Pass one request on, or fail it."""
        with suppress(OSError):
            head, body = _read(self.request)
            if head:
                self._answer(head, body, self.server.fault_of(head))

    def _answer(self, head: bytes, body: bytes, fault: Fault | None) -> None:
        if fault in {Fault.BEFORE, Fault.HALF_SENT}:
            return
        if fault in {Fault.PORTAL, Fault.UNAVAILABLE}:
            self.request.sendall(OTHER_PAGE % (b"200 OK" if fault is Fault.PORTAL else b"503 Service Unavailable"))
            return
        half = len(body) // 2
        answer = self._passed_on(head, body[:half] if fault is Fault.HALF_ARRIVED else body, cut=fault)
        if fault is Fault.HALF_ANSWER:
            self.request.sendall(answer[: len(answer) // 2])
        elif fault is None:
            self.request.sendall(answer)

    def _passed_on(self, head: bytes, body: bytes, *, cut: Fault | None) -> bytes:
        with socket.create_connection((HOST, self.server.to), timeout=30) as server:
            server.sendall(head + body)
            if cut is Fault.HALF_ARRIVED:
                server.shutdown(socket.SHUT_WR)
            return b"".join(iter(lambda: server.recv(PIECE), b""))


def _read(coming: socket.socket) -> tuple[bytes, bytes]:
    """Return the head of a request, made one that closes its connection, and its body."""
    held = b""
    while b"\r\n\r\n" not in held:
        piece = coming.recv(PIECE)
        if not piece:
            return b"", b""
        held += piece
    head, _end, body = held.partition(b"\r\n\r\n")
    lines = [line for line in head.split(b"\r\n") if not line.lower().startswith(b"connection:")]
    length = next((int(line.split(b":")[1]) for line in lines if line.lower().startswith(b"content-length:")), 0)
    while len(body) < length:
        piece = coming.recv(PIECE)
        if not piece:
            return b"", b""
        body += piece
    return b"\r\n".join([*lines, b"Connection: close"]) + b"\r\n\r\n", body


@contextmanager
def line_to(*apps: Flask) -> Iterator[tuple[Line, list[int]]]:
    """Run a server for each app and a line to the first; give it with the ports of all, to be put in its place."""
    servers = [make_server(HOST, 0, app, threaded=True) for app in apps]
    line = Line(servers[0])
    running = [*servers, line]
    threads = [threading.Thread(target=one.serve_forever, args=(0.05,), daemon=True) for one in running]
    for thread in threads:
        thread.start()
    try:
        yield line, [server.port for server in servers]
    finally:
        for one in reversed(running):
            one.shutdown()
            one.server_close()
