"""When somebody gets mail: at once, once a day, never in their quiet hours."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.core.clock import HERE, day_of
from lms.notices.models import Delivery
from lms.notices.values import Wishes, next_digest


def here(day: int, hour: int, minute: int = 0, *, month: int = 11) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=HERE)


@pytest.mark.parametrize(
    ("after", "sent"),
    [
        (here(20, 6, 59), here(20, 7)),
        (here(20, 7), here(21, 7)),
        (here(20, 23, 30), here(21, 7)),
        (here(24, 12, month=10), here(25, 7, month=10)),  # The clock goes back in that night,
        (here(28, 12, month=3), here(29, 7, month=3)),  # and in this one forward.
    ],
)
def test_a_digest_is_sent_at_seven_in_the_morning_here(after: datetime, sent: datetime) -> None:
    assert next_digest(after.astimezone(UTC)) == sent


def test_without_a_choice_one_gets_a_digest() -> None:
    wishes = Wishes()
    assert not wishes.want_mail(since=here(19, 9), at=here(20, 6, 59))
    assert wishes.want_mail(since=here(19, 9), at=here(20, 7))
    assert wishes.want_mail(since=here(19, 9), at=here(20, 12))


def test_who_wants_mail_at_once_gets_it_at_once_and_who_wants_none_never() -> None:
    assert Wishes(Delivery.IMMEDIATE).want_mail(since=here(20, 9), at=here(20, 9))
    assert not Wishes(Delivery.APP_ONLY).want_mail(since=here(1, 9), at=here(20, 9))


@pytest.mark.parametrize(
    ("begins", "ends", "hour", "quiet"),
    [
        (22, 8, 21, False),
        (22, 8, 22, True),
        (22, 8, 0, True),
        (22, 8, 7, True),
        (22, 8, 8, False),
        (9, 17, 8, False),
        (9, 17, 9, True),
        (9, 17, 16, True),
        (9, 17, 17, False),
    ],
)
def test_in_quiet_hours_nothing_is_sent(begins: int, ends: int, hour: int, quiet: bool) -> None:
    for delivery in (Delivery.IMMEDIATE, Delivery.DIGEST):
        wishes = Wishes(delivery, time(begins), time(ends))
        assert wishes.want_mail(since=here(1, 9), at=here(20, hour)) is not quiet


@given(
    st.integers(0, 60 * 24 * 365).map(lambda minutes: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)),
    st.integers(0, 60 * 24 * 3),
    st.none() | st.tuples(st.integers(0, 23), st.integers(0, 23)).filter(lambda hours: hours[0] != hours[1]),
)
def test_a_digest_comes_at_most_once_a_day_however_often_one_looks(
    since: datetime, minutes: int, quiet: tuple[int, int] | None
) -> None:
    hours = (time(quiet[0]), time(quiet[1])) if quiet else (None, None)
    sent: list[date] = []
    for step in range(0, minutes, 20):
        at = since + timedelta(minutes=step)
        wishes = Wishes(Delivery.DIGEST, hours[0], hours[1], sent[-1] if sent else None)
        if wishes.want_mail(since=since, at=at):
            sent.append(day_of(at))
            assert not wishes.are_quiet(at)
    assert len(sent) == len(set(sent))
