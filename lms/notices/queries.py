"""What is asked about notices, who wants mail now, and whose address refuses it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import UTC, datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import Select, func, select, tuple_
from sqlalchemy.orm import Session, joinedload

from lms.accounts.models import User
from lms.accounts.queries import hashed
from lms.core.mail import AddressRefusal
from lms.core.paging import Page, page_of
from lms.notices.models import CalendarFeed, MailChoice, Notice
from lms.notices.values import Wishes

PAGE = 50

UNREAD = (
    select(func.count())
    .where(Notice.reader_id == User.id, Notice.read_at.is_(None))
    .correlate(User)
    .scalar_subquery()
    .label("unread")
)
"""How many notices a reader has not read, for `accounts.queries.live_session`."""


def notices_of(session: Session, reader_id: UUID, *, after: str | None = None, size: int = PAGE) -> Page[Notice]:
    """Return a page of a person's notices with who did it: the unread first, each the latest first."""
    order = (Notice.read_at.is_(None), Notice.at, Notice.id)
    rows = select(Notice).where(Notice.reader_id == reader_id).options(joinedload(Notice.by))
    position = _position_of(after)
    if position is not None:
        rows = rows.where(tuple_(*order) < tuple_(*position))
    shown = session.scalars(rows.order_by(*(one.desc() for one in order)).limit(size + 1)).all()
    return page_of(shown, size=size, cursor_of=_cursor_of)


def _cursor_of(notice: Notice) -> str:
    return f"{int(notice.read_at is None)}_{notice.at.timestamp():.6f}_{notice.id}"


def _position_of(cursor: str | None) -> tuple[bool, datetime, UUID] | None:
    unread, _, rest = (cursor or "").partition("_")
    moment, _, key = rest.partition("_")
    try:
        return unread == "1", datetime.fromtimestamp(float(moment), UTC), UUID(key)
    except (ValueError, OverflowError, OSError):
        return None


def one_notice(session: Session, notice_id: UUID, reader_id: UUID) -> Notice | None:
    """Return a notice of that person."""
    return session.scalar(select(Notice).where(Notice.id == notice_id, Notice.reader_id == reader_id))


def wishes_of(session: Session, user_id: UUID) -> Wishes:
    """Return how a person wants mail."""
    return _wishes(session.get(MailChoice, user_id))


def _wishes(chosen: MailChoice | None) -> Wishes:
    if chosen is None:
        return Wishes()
    return Wishes(chosen.delivery, chosen.quiet_from, chosen.quiet_until, chosen.digest_on)


class Untold(NamedTuple):
    """Somebody with notices that may go into a mail: the moment of the oldest, and how they want mail."""

    reader_id: UUID
    since: datetime
    wishes: Wishes


def untold(session: Session) -> list[Untold]:
    """Return everybody with notices that wait for a mail, but for closed accounts and addresses that refuse mail."""
    waiting = (
        select(Notice.reader_id, func.min(Notice.at).label("since"))
        .where(Notice.to_mail)
        .group_by(Notice.reader_id)
        .subquery()
    )
    rows = session.execute(
        select(waiting.c.reader_id, waiting.c.since, MailChoice)
        .join(User, User.id == waiting.c.reader_id)
        .outerjoin(MailChoice, MailChoice.user_id == waiting.c.reader_id)
        .outerjoin(AddressRefusal, AddressRefusal.address == func.lower(User.email))
        .where(User.disabled_at.is_(None), AddressRefusal.address.is_(None))
        .order_by(waiting.c.since, waiting.c.reader_id)
    )
    return [Untold(row.reader_id, row.since, _wishes(row.MailChoice)) for row in rows]


def notices_to_mail(session: Session, reader_id: UUID) -> Sequence[Notice]:
    """Return the notices of a person that wait for a mail, the oldest first, locked, with who did it."""
    return session.scalars(
        select(Notice)
        .where(Notice.reader_id == reader_id, Notice.to_mail)
        .options(joinedload(Notice.by))
        .order_by(Notice.at, Notice.id)
        .with_for_update(of=Notice)
    ).all()


def refusals_among(session: Session, people: Collection[UUID] | Select[UUID]) -> dict[UUID, AddressRefusal]:
    """Return which of these people cannot be reached by mail, each with what their mail server says."""
    rows = session.execute(
        select(User.id, AddressRefusal)
        .join(AddressRefusal, AddressRefusal.address == func.lower(User.email))
        .where(User.id.in_(people))
    ).all()
    return {row[0]: row[1] for row in rows}


def feed_of(session: Session, user_id: UUID) -> CalendarFeed | None:
    """Return the calendar of a person, if they made an address for it."""
    return session.get(CalendarFeed, user_id)


def feed_by_secret(session: Session, secret: str) -> CalendarFeed | None:
    """Return the calendar that the secret of an address opens, with its person; a closed account has none."""
    return session.scalar(
        select(CalendarFeed)
        .join(CalendarFeed.user)
        .where(CalendarFeed.secret_hash == hashed(secret), User.disabled_at.is_(None))
        .options(joinedload(CalendarFeed.user))
    )
