"""What tells people something, and what they choose about it."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime, time, timedelta
from uuid import UUID

from flask_babel import force_locale
from sqlalchemy import delete, func, select, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.orm import Session

from competencies.errors import RuleBroken
from lms.accounts.models import User
from lms.accounts.queries import hashed
from lms.core.addresses import lasting_address
from lms.core.audit import record
from lms.core.clock import day_of
from lms.core.mail import AddressRefusal, post
from lms.core.words import LANGUAGES
from lms.notices.models import CalendarFeed, Delivery, MailChoice, Notice, NoticeKind
from lms.notices.places import PLACES
from lms.notices.queries import notices_to_mail
from lms.notices.values import Wishes
from lms.notices.words import sentence

MOST_IN_A_MAIL = 20
KEPT_FOR = timedelta(days=365)


def notify(session: Session, reader_id: UUID, kind: NoticeKind, *, about: UUID, by: UUID | None, at: datetime) -> None:
    """Tell somebody that something happened to the thing with that key; nobody is told what they did themselves."""
    if reader_id != by:
        session.add(Notice(reader_id=reader_id, kind=kind, about_id=about, by_id=by, at=at))


def settle(session: Session, *kinds: NoticeKind, about: UUID, at: datetime, reader_id: UUID | None = None) -> None:
    """Take it as read, by that reader or by all, that such a thing was asked: it was answered, or nobody asks it."""
    asked = [Notice.about_id == about, Notice.kind.in_(kinds), Notice.read_at.is_(None)]
    if reader_id is not None:
        asked.append(Notice.reader_id == reader_id)
    session.execute(
        update(Notice).where(*asked).values(read_at=at, to_mail=False).execution_options(synchronize_session=False)
    )


def read(session: Session, notice: Notice, *, at: datetime) -> None:
    """Take a notice as read; it goes into no mail any more."""
    notice.read_at, notice.to_mail = notice.read_at or at, False
    session.flush()


def read_all(session: Session, reader_id: UUID, *, at: datetime) -> None:
    """Take all notices of a person as read."""
    unread = update(Notice).where(Notice.reader_id == reader_id, Notice.read_at.is_(None))
    session.execute(unread.values(read_at=at, to_mail=False).execution_options(synchronize_session=False))


def forget_notices(session: Session, *, at: datetime) -> None:
    """Remove the notices that were read more than a year ago."""
    session.execute(delete(Notice).where(Notice.read_at < at - KEPT_FOR))


def choose_mail(
    session: Session, user: User, *, delivery: Delivery, quiet: tuple[time, time] | None, by: User, at: datetime
) -> None:
    """Keep how a person wants mail. Raises `RuleBroken` quiet_all_day for quiet hours that end when they begin."""
    if quiet is not None and quiet[0] == quiet[1]:
        raise RuleBroken("quiet_all_day")
    begins, ends = quiet or (None, None)
    before = session.get(MailChoice, user.id)
    known = _facts(before) if before else _facts(MailChoice(delivery=Delivery.DIGEST))
    chosen = {"delivery": delivery, "quiet_from": begins, "quiet_until": ends}
    session.execute(
        upsert(MailChoice)
        .values(user_id=user.id, **chosen)
        .on_conflict_do_update(index_elements=["user_id"], set_=chosen)
        .execution_options(populate_existing=True)
    )
    after = _facts(MailChoice(**chosen))
    record(session, "account.mail_chosen", subject=user.id, by=by.id, at=at, before=known, after=after)


def _facts(chosen: MailChoice) -> dict[str, object]:
    hours = [one.isoformat("minutes") for one in (chosen.quiet_from, chosen.quiet_until) if one]
    return {"delivery": chosen.delivery, "quiet_hours": hours}


def try_address_again(session: Session, user: User, *, by: User, at: datetime) -> None:
    """Send mail to a person's address again, which was refused until now."""
    gone = session.execute(
        delete(AddressRefusal).where(AddressRefusal.address == func.lower(user.email)).returning(AddressRefusal.code)
    ).first()
    if gone is not None:
        record(session, "account.mail_tried_again", subject=user.id, by=by.id, at=at)


def make_calendar(session: Session, user: User, *, by: User, at: datetime) -> str:
    """Return the secret of a new address for the person's calendar; the address before it opens nothing any more."""
    secret = secrets.token_urlsafe(32)
    made = {"secret_hash": hashed(secret), "made_at": at}
    session.execute(
        upsert(CalendarFeed)
        .values(user_id=user.id, **made)
        .on_conflict_do_update(index_elements=["user_id"], set_=made)
    )
    record(session, "account.calendar_made", subject=user.id, by=by.id, at=at)
    return secret


def end_calendar(session: Session, user: User, *, by: User, at: datetime) -> None:
    """Let the address of a person's calendar open nothing any more."""
    gone = session.execute(
        delete(CalendarFeed).where(CalendarFeed.user_id == user.id).returning(CalendarFeed.made_at)
    ).first()
    if gone is not None:
        record(session, "account.calendar_ended", subject=user.id, by=by.id, at=at)


def leave_to_the_app(session: Session) -> None:
    """Put into no mail what is for people who want none."""
    wants_none = select(MailChoice.user_id).where(MailChoice.delivery == Delivery.APP_ONLY)
    session.execute(
        update(Notice)
        .where(Notice.to_mail, Notice.reader_id.in_(wants_none))
        .values(to_mail=False)
        .execution_options(synchronize_session=False)
    )


def tell_by_mail(session: Session, reader_id: UUID, wishes: Wishes, *, at: datetime) -> bool:
    """Write one mail with all that a person was not told yet; return whether there was anything."""
    notices = notices_to_mail(session, reader_id)
    if not notices:
        return False
    reader = session.get_one(User, reader_id)
    language = reader.language or LANGUAGES[0]
    with force_locale(language):
        post(session, to=reader.email, language=language, template="notices", facts=_told(reader, notices))
    for notice in notices:
        notice.to_mail = False
    if wishes.delivery is Delivery.DIGEST:
        _note_digest(session, reader_id, at=at)
    session.flush()
    return True


def _told(reader: User, notices: Sequence[Notice]) -> dict[str, object]:
    shown = notices[:MOST_IN_A_MAIL]
    return {
        "name": reader.name,
        "count": len(notices),
        "more": len(notices) - len(shown),
        "lines": [(sentence(one), address_of(one)) for one in shown],
        "notices_url": lasting_address("notices.notices"),
        "choices_url": lasting_address("notices.choices"),
    }


def address_of(notice: Notice) -> str:
    """Return the whole address of the page that a notice leads to."""
    place = PLACES[notice.kind]
    return lasting_address(place.endpoint, **place.values(notice.about_id))


def _note_digest(session: Session, reader_id: UUID, *, at: datetime) -> None:
    noted = {"digest_on": day_of(at)}
    session.execute(
        upsert(MailChoice)
        .values(user_id=reader_id, delivery=Delivery.DIGEST, **noted)
        .on_conflict_do_update(index_elements=["user_id"], set_=noted)
    )
