"""What is set aside while many rows are loaded is there again afterwards, over every row."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest
from psycopg import errors
from sqlalchemy.orm import Session

from lms.core.keys import uuid7
from lms.demo.loading import driver_of
from lms.demo.measured import measured_course
from lms.demo.programmes import courses
from lms.demo.rows import TABLES
from lms.demo.setting_aside import set_aside
from tests.demo.loaded import MOMENT

Definitions = list[tuple[Any, ...]]


def rules_and_indexes(connection: psycopg.Connection[Any]) -> Definitions:
    rules = connection.execute(
        "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid), convalidated FROM pg_constraint "
        "WHERE connamespace = 'public'::regnamespace ORDER BY 1, 2"
    )
    indexes = connection.execute("SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public' ORDER BY 1")
    return [*rules.fetchall(), *indexes.fetchall()]


def add_a_department_of_nowhere(connection: psycopg.Connection[Any]) -> None:
    connection.execute(
        "INSERT INTO departments (id, organisation_id, name) VALUES (%s, %s, 'Nowhere')", [uuid7(), uuid7()]
    )


def test_everything_is_put_back_as_it_was(session: Session) -> None:
    measured_course(session, courses(session), at=MOMENT)  # Its rows are still to be checked at the end.
    connection = driver_of(session)
    before = rules_and_indexes(connection)
    with set_aside(connection, TABLES.values()):
        meanwhile = rules_and_indexes(connection)
    assert len(meanwhile) < len(before)
    assert rules_and_indexes(connection) == before


def test_what_the_rules_forbid_is_still_found_when_they_come_back(session: Session) -> None:
    connection = driver_of(session)
    with pytest.raises(errors.ForeignKeyViolation), set_aside(connection, TABLES.values()):
        add_a_department_of_nowhere(connection)
