"""What the logs hold of a failure: where it happened, and nothing that somebody wrote."""

from __future__ import annotations

import socket
import subprocess
import sys

import pytest
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from structlog.processors import format_exc_info

from lms.accounts.models import User
from lms.core.logs import without_rows
from tests.factories import NOW, make_user


def test_the_log_of_a_refused_row_names_the_rule_and_holds_nothing_of_the_row(session: Session) -> None:
    known = make_user(session, email="secret@example.org")
    session.add(User(email=known.email, name="Secret Name", created_at=NOW))
    with pytest.raises(IntegrityError) as refused:
        session.flush()
    told = without_rows(None, "error", format_exc_info(None, "error", {"exc_info": refused.value}))
    assert "uq_users_email_lower" in told["exception"]
    assert "INSERT INTO users" in told["exception"]
    assert "secret" not in told["exception"].lower()


def test_a_line_is_written_in_one_piece_because_processes_share_the_stream() -> None:
    """Each receipt from this socket is one write to it."""
    program = "from lms.core.logs import log, set_up_logs; set_up_logs(); log.info('one'); log.info('two')"
    reading, writing = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with reading:
        with writing:
            subprocess.run([sys.executable, "-c", program], stderr=writing.fileno(), check=True)
        pieces = [reading.recv(10_000), reading.recv(10_000), reading.recv(10_000)]
    assert [piece.endswith(b"}\n") for piece in pieces] == [True, True, False]
    assert pieces[-1] == b""
