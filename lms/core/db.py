"""The database: one session a request, one place that commits."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from enum import StrEnum
from json import JSONDecoder
from typing import Annotated, Any, ClassVar
from uuid import UUID

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import DateTime, Enum, Executable, MetaData, Uuid
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Session, mapped_column

from lms.core.keys import uuid7

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}

JSON_VALUE = JSONB(none_as_null=True)
"""JSON in the database; nothing is NULL there, never the JSON word null."""

Words = dict[str, str]
"""A text in the languages it is known in, by language code: `{"nl": …, "en": …}`."""


class Base(DeclarativeBase):
    """The tables of Bekwaam."""

    metadata = MetaData(naming_convention=NAMES)
    type_annotation_map: ClassVar = {
        datetime: DateTime(timezone=True),
        dict[str, Any]: JSON_VALUE,
        dict[str, int]: JSON_VALUE,
        Words: JSON_VALUE,
        list[Any]: JSON_VALUE,
        list[str]: JSON_VALUE,
    }


_scan: Callable[[str, int], tuple[Any, int]] = JSONDecoder().scan_once  # type: ignore[attr-defined]
Key = Annotated[UUID, mapped_column(Uuid, primary_key=True, default=uuid7)]
database = SQLAlchemy()


def one_of(kind: type[StrEnum], name: str) -> Enum:
    """Return the column type of an enum: its value as text, with a named check that the database holds."""
    return Enum(kind, name=name, native_enum=False, length=40, create_constraint=True, values_callable=_values)


def from_json(stored: bytes) -> Any:
    """Return stored JSON as a value; the encoding is known and nothing stands around it: a third of `json.loads`."""
    return _scan(stored.decode(), 0)[0]


def _values(kind: type[StrEnum]) -> list[str]:
    return [member.value for member in kind]


def session() -> Session:
    """Return the session of this request, job or command, for reading."""
    return database.session()


@contextmanager
def transaction() -> Iterator[Session]:
    """Open the one transaction of a use case: committed at its end, rolled back whole when it fails."""
    current = session()
    try:
        yield current
        current.commit()
    except BaseException:
        current.rollback()
        raise


def write_apart(statement: Executable) -> None:
    """Write at once, beside the transaction that is going on: for what people watch, such as how far a job is.

    It must not touch a row that the other transaction has changed or locked: it would wait for that for ever.
    """
    with database.engine.engine.begin() as connection:
        connection.execute(statement)
