"""The audit trail of an enrolment in words: who did what, when, and what it was before and after."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from lms.cohorts.models import Enrolment
from lms.core.audit import AuditEntry
from lms.core.paging import Page, page_of
from lms.core.templating import day, moment
from lms.core.words import LABELS, _, in_language
from lms.progress.queries import outlines_of
from lms.progress.values import Words
from lms.reports.queries import names_of, trail_of_enrolment
from lms.reports.words import ACTIONS, ENUMS, FACTS

ENTRIES_ON_A_PAGE = 50
SHORT = 8
"""So many signs of a hash or a key tell one from another on a page."""

ABOUT = frozenset({"epa", "trainer"})
"""Facts that tell what an entry is about, and are shown though they did not change."""


@dataclass(frozen=True, slots=True)
class Known:
    """The names of what has a key, and by the name of a fact the titles of what the programme has a code for."""

    names: Mapping[UUID, str]
    titles: Mapping[str, Mapping[str, Words]]


@dataclass(frozen=True, slots=True)
class Change:
    """One fact of an entry in words; `before` is null where the entry says only what is so now, `after` where not."""

    fact: str
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class TrailEntry:
    """One entry in words; `by` is null for what the system did, `number` its place in the chain of its trainee."""

    number: int
    at: datetime
    by: str | None
    action: str
    changes: tuple[Change, ...]
    short_hash: str


def trail_page(session: Session, enrolment: Enrolment, *, before: int | None) -> Page[TrailEntry]:
    """Return a page of the entries about an enrolment, the newest first.

    Three statements, besides those for a programme that was not asked for before.
    """
    entries = trail_of_enrolment(session, enrolment, before=before, size=ENTRIES_ON_A_PAGE + 1)
    names = names_of(session, {key for entry in entries for key in _keys_in(entry)})
    version_id = enrolment.programme_version_id
    outline = outlines_of(session, [version_id])[version_id]
    titles = {"instrument": outline.instruments, "form": outline.forms, "track": outline.tracks}
    in_words = [_entry(entry, Known(names, titles)) for entry in entries]
    return page_of(in_words, size=ENTRIES_ON_A_PAGE, cursor_of=lambda entry: str(entry.number))


def _keys_in(entry: AuditEntry) -> Iterator[UUID]:
    if entry.actor_id is not None:
        yield entry.actor_id
    for side in entry.facts.values():
        for value in side.values():
            for one in value if isinstance(value, list) else (value,):
                if (key := _as_key(one)) is not None:
                    yield key


def _as_key(value: object) -> UUID | None:
    if not isinstance(value, str) or len(value) != 36:
        return None
    try:
        return UUID(value)
    except ValueError:
        return None


def _entry(entry: AuditEntry, known: Known) -> TrailEntry:
    return TrailEntry(
        number=entry.sequence,
        at=entry.at,
        by=None if entry.actor_id is None else known.names.get(entry.actor_id, _short_key(entry.actor_id)),
        action=str(ACTIONS.get(entry.action, entry.action)),
        changes=tuple(_changes(entry, known)),
        short_hash=entry.hash.hex()[:SHORT],
    )


def _changes(entry: AuditEntry, known: Known) -> Iterator[Change]:
    """Return what the entry says: what it is about, and of a change only what differs.

    A fact that only `before` has, while there is an `after`, did not change: it says what the entry is about.
    """
    before, after = entry.facts.get("before", {}), entry.facts.get("after", {})
    for name in dict.fromkeys((*before, *after)):
        same = before.get(name) == after.get(name)
        if same and name not in ABOUT:
            continue
        was, now = (_said(name, side[name], known) if name in side else None for side in (before, after))
        if same or (now is None and after):
            was, now = None, was
        yield Change(str(FACTS.get(name, name)), was, now)


def _said(fact: str, value: Any, known: Known) -> str:
    """Return the words for the value of a fact; of rows, which are there to be proven, how many there are."""
    if value is None or value in ("", [], {}):
        return _("none")
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, list) and all(isinstance(one, list) for one in value):
        return str(len(value))
    if isinstance(value, list):
        return ", ".join(_said(fact, one, known) for one in value)
    if isinstance(value, dict):
        return "; ".join(f"{name}: {_said(name, one, known)}" for name, one in value.items())
    return _said_text(fact, value, known) if isinstance(value, str) else str(value)


def _said_text(fact: str, text: str, known: Known) -> str:
    if (key := _as_key(text)) is not None:
        return known.names.get(key, _short_key(key))
    if (title := known.titles.get(fact, {}).get(text)) is not None:
        return in_language(title)
    if fact in ENUMS:
        return str(LABELS[ENUMS[fact]].get(text, text))
    return _as_day_or_moment(text) if fact.endswith(("_on", "_at", "_until")) else text


def _as_day_or_moment(text: str) -> str:
    try:
        return moment(datetime.fromisoformat(text)) if "T" in text else day(date.fromisoformat(text))
    except ValueError:
        return text


def _short_key(key: UUID) -> str:
    """Return the end of a key, which tells one from another better than its beginning does."""
    return f"…{str(key)[-SHORT:]}"
