"""What the logs hold of a failure: where it happened, and nothing that somebody wrote."""

from __future__ import annotations

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
