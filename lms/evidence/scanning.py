"""The virus scanner: none, or a clamd that is asked about every file; one that does not answer accepts nothing."""

from __future__ import annotations

import socket
from contextlib import closing
from typing import IO
from urllib.parse import urlsplit

from flask import current_app

from competencies.errors import RuleBroken
from lms.core.logs import log

PIECE = 64 * 1024
PATIENCE = 30.0
"""Seconds that the scanner may be silent."""
LONGEST_ANSWER = 1024
CLEAN, INFECTED = b"stream: OK", b" FOUND"


def check_for_viruses(file: IO[bytes]) -> None:
    """Raise RuleBroken for a file that the scanner refuses, or when it cannot be asked; without a scanner accept."""
    scanner: str = current_app.config["BEKWAAM"].virus_scanner
    if not scanner:
        return
    file.seek(0)
    try:
        answer = _asked(scanner, file)
    except OSError as failure:
        log.error("virus scanner away", reason=type(failure).__name__)
        raise RuleBroken("file_not_scanned") from failure
    if answer.endswith(INFECTED):
        raise RuleBroken("file_infected")
    if answer != CLEAN:
        log.error("virus scanner unclear", answer=answer.decode("ascii", "replace"))
        raise RuleBroken("file_not_scanned")


def _asked(scanner: str, file: IO[bytes]) -> bytes:
    """Send a file to clamd as a stream (its command INSTREAM) and return what it says."""
    with closing(_connected(scanner)) as line:
        line.sendall(b"zINSTREAM\0")
        while piece := file.read(PIECE):
            line.sendall(len(piece).to_bytes(4) + piece)
        line.sendall(bytes(4))
        answer = b""
        while not answer.endswith(b"\0") and len(answer) < LONGEST_ANSWER:
            more = line.recv(LONGEST_ANSWER)
            if not more:
                break
            answer += more
    return answer.rstrip(b"\0\n")


def _connected(scanner: str) -> socket.socket:
    """Return a connection to `clamd://host:port`, or to `clamd:///path/of/socket` on this machine."""
    address = urlsplit(scanner)
    if address.hostname:
        return socket.create_connection((address.hostname, address.port or 3310), timeout=PATIENCE)
    line = socket.socket(socket.AF_UNIX)
    line.settimeout(PATIENCE)
    try:
        line.connect(address.path)
    except OSError:
        line.close()
        raise
    return line
