"""Who is reading: the database shows reflections to that person only, until the transaction ends."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

SETTING = "bekwaam.reader"
"""The setting that the policies of the database ask; see the migration that makes them."""


def read_as(session: Session, user_id: UUID) -> None:
    """Let the rest of this transaction read and write the reflections of that person, and read those shared with them.

    Who asks is taken from the session that somebody signed in with, never from what a browser sends.
    """
    session.execute(select(func.set_config(SETTING, str(user_id), True)))
