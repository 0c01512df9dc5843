"""A small server that speaks the protocol of clamd, for the tests: a real socket, no scanner."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

SIGN = b"this-is-a-virus-for-tests"


def _received(line: socket.socket, size: int) -> bytes:
    content = b""
    while len(content) < size:
        more = line.recv(size - len(content))
        if not more:
            raise ConnectionError
        content += more
    return content


class Scanner:
    """What was scanned, and how the next one is answered."""

    def __init__(self) -> None:
        self.listening = socket.create_server(("127.0.0.1", 0))
        self.url = f"clamd://127.0.0.1:{self.listening.getsockname()[1]}"
        self.scanned: list[int] = []
        self.answer: bytes | None = None
        self.silent = False
        self.released = threading.Event()
        self.thread = threading.Thread(target=self._serve, daemon=True)
        self.thread.start()

    def _serve(self) -> None:
        while True:
            try:
                line, _ = self.listening.accept()
            except OSError:
                return
            with line:
                self._scan(line)

    def _scan(self, line: socket.socket) -> None:
        try:
            assert _received(line, 10) == b"zINSTREAM\0"
            content = b""
            while size := int.from_bytes(_received(line, 4)):
                content += _received(line, size)
        except ConnectionError:
            return
        self.scanned.append(len(content))
        if self.silent:
            self.released.wait(20)
            return
        found = b"stream: Test.Sign FOUND\0" if SIGN in content else b"stream: OK\0"
        line.sendall(self.answer if self.answer is not None else found)

    def close(self) -> None:
        self.released.set()
        with suppress(OSError):
            self.listening.shutdown(socket.SHUT_RDWR)
        self.listening.close()
        self.thread.join(10)


@contextmanager
def scanner() -> Iterator[Scanner]:
    """Give a scanner that listens."""
    one = Scanner()
    try:
        yield one
    finally:
        one.close()
