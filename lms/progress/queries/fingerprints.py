"""Short texts that change whenever the rows behind a picture do."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, select, true
from sqlalchemy.orm import Session


def fingerprint(session: Session, first: Select[*tuple[Any, ...]], second: Select[*tuple[Any, ...]]) -> str:
    """Return the two rows of counts and latest moments as one text; one statement."""
    left, right = first.subquery(), second.subquery()
    row = session.execute(select(left, right).select_from(left.join(right, true()))).one()
    return "|".join(map(str, row))
