"""What happened to one subject, told in order and chained as the audit record chains it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from operator import attrgetter
from typing import NamedTuple
from uuid import UUID

from lms.core.audit import GENESIS, Fields, canonical_facts, entry_hash
from lms.demo.chance import Chance
from lms.demo.rows import EntryRow, HeadRow

Facts = Mapping[str, object]


class Event(NamedTuple):
    """One thing that was done: when, by whom, to which row, with the facts before and after."""

    at: datetime
    action: str
    by: UUID | None
    target: UUID | None
    before: Facts | None
    after: Facts | None


class Chronicle:
    """Everything that happened to one subject."""

    def __init__(self, subject: UUID) -> None:
        self.subject = subject
        self.events: list[Event] = []

    def tell(
        self,
        action: str,
        *,
        at: datetime,
        by: UUID | None = None,
        target: UUID | None = None,
        before: Facts | None = None,
        after: Facts | None = None,
    ) -> None:
        """Add something that happened; the order of telling decides only where two things happened at one moment."""
        self.events.append(Event(at, action, by, target, before, after))

    def rows(self, chance: Chance) -> Iterator[EntryRow | HeadRow]:
        """Return the chain of entries from the first to the last, and its head."""
        digest = GENESIS
        for sequence, event in enumerate(sorted(self.events, key=attrgetter("at")), 1):
            facts = canonical_facts(event.before, event.after)
            key = chance.key(event.at)
            entry = Fields(key, self.subject, sequence, event.action, event.by, event.target, event.at, facts)
            digest = entry_hash(digest, entry)
            yield EntryRow(*entry, digest)
        yield HeadRow(self.subject, len(self.events), digest)
