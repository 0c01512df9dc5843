"""Short texts that change whenever the rows behind a picture do."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, select, true
from sqlalchemy.orm import Session


def side_by_side(first: Select[*tuple[Any, ...]], second: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    """Select two rows of counts and latest moments as one."""
    left, right = first.subquery(), second.subquery()
    return select(left, right).select_from(left.join(right, true()))


def fingerprint(session: Session, rows: Select[*tuple[Any, ...]], **values: object) -> str:
    """Return the one row that is selected with these values as one text; one statement."""
    return "|".join(map(str, session.execute(rows, values).one()))
