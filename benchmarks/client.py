"""A small HTTP/1.1 client that keeps its connection: tens of microseconds a request.

`http.client` builds a message object of every answer's headers; that alone would be a good part of a cached chart.
"""

from __future__ import annotations

import socket
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self
from urllib.parse import urlencode

PATIENCE = 60.0
"""Seconds that an answer may take before the measurement is given up."""
MOST_BYTES = 1 << 18


@dataclass(frozen=True, slots=True)
class Request:
    """What a browser sends; a form makes it a POST."""

    path: str
    headers: Mapping[str, str] = field(default_factory=dict)
    form: Sequence[tuple[str, str]] | None = None

    @property
    def method(self) -> str:
        """GET, or POST where there is a form."""
        return "GET" if self.form is None else "POST"

    @property
    def values(self) -> dict[str, list[str]]:
        """The values of each field of the form."""
        values: dict[str, list[str]] = {}
        for name, value in self.form or ():
            values.setdefault(name, []).append(value)
        return values

    @property
    def body(self) -> bytes:
        """The form as it is sent."""
        return urlencode(self.form or ()).encode()

    def wire(self, port: int) -> bytes:
        """Return the request as it goes over the line."""
        headers = {"Host": f"127.0.0.1:{port}", **self.headers}
        if self.form is not None:
            headers |= {"Content-Type": "application/x-www-form-urlencoded", "Content-Length": str(len(self.body))}
        lines = [f"{self.method} {self.path} HTTP/1.1", *(f"{name}: {value}" for name, value in headers.items())]
        return "\r\n".join([*lines, "", ""]).encode() + self.body


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back."""

    status: int
    head: bytes
    body: bytes

    def header(self, name: str) -> str | None:
        """Return the value of a header, or None."""
        return header_of(self.head, name)


class WrongAnswer(OSError):
    """The server answered with something else than was expected; the message says what."""


class Connection:
    """One connection to the server, open from the first request to the last."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._line = self._connect()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, wrong: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._line.close()

    def _connect(self) -> socket.socket:
        line = socket.create_connection(("127.0.0.1", self._port), timeout=PATIENCE)
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return line

    def exchange(self, wire: bytes) -> Answer:
        """Send one request and return its whole answer."""
        self._line.sendall(wire)
        received = self._more(b"")
        while (end := received.find(b"\r\n\r\n")) < 0:
            received = self._more(received)
        head, body = received[:end], received[end + 4 :]
        status, length = int(head[9:12]), header_of(head, "Content-Length")
        if length is None and status not in {204, 304}:
            raise ConnectionError("The server did not say how long its answer is")
        answer = Answer(status, head, self._rest(body, int(length or 0)))
        if answer.header("Connection") == "close":
            self._line.close()
            self._line = self._connect()
        return answer

    def _more(self, received: bytes) -> bytes:
        chunk = self._line.recv(MOST_BYTES)
        if not chunk:
            raise ConnectionError("The server closed the connection: look at what it said in its log")
        return received + chunk

    def _rest(self, begun: bytes, length: int) -> bytes:
        parts, missing = [begun], length - len(begun)
        while missing > 0:
            parts.append(self._more(b""))
            missing -= len(parts[-1])
        return b"".join(parts)


def header_of(head: bytes, name: str) -> str | None:
    """Return the value of a header, or None."""
    for line in head.decode("latin-1").split("\r\n"):
        found, _, value = line.partition(":")
        if found.lower() == name.lower():
            return value.strip()
    return None
