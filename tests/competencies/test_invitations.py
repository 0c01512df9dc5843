"""What a link to somebody without an account is good for, and for whom it is."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from competencies.errors import RuleBroken
from competencies.invitations import (
    LASTS,
    RECEIPT_LASTS,
    SHOWN_FOR,
    Identity,
    LinkState,
    can_disown,
    can_read_back,
    check_confirmed,
    check_guest,
    is_anybodys,
    state_of,
)

NOW = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
TICK = timedelta(microseconds=1)


@pytest.mark.parametrize(
    ("is_answered", "is_withdrawn", "left", "expected"),
    [
        (False, False, TICK, LinkState.OPEN),
        (False, False, timedelta(0), LinkState.EXPIRED),
        (False, True, TICK, LinkState.WITHDRAWN),
        (False, True, -TICK, LinkState.WITHDRAWN),
        (True, False, -TICK, LinkState.USED),
        (True, True, TICK, LinkState.USED),
    ],
)
def test_what_happened_to_a_link_matters_more_than_its_age(
    is_answered: bool, is_withdrawn: bool, left: timedelta, expected: LinkState
) -> None:
    state = state_of(expires_at=NOW + left, is_answered=is_answered, is_withdrawn=is_withdrawn, at=NOW)
    assert state is expected


def test_every_identity_but_an_account_comes_by_a_link_that_lasts() -> None:
    assert LASTS.keys() == set(Identity) - {Identity.ACCOUNT}
    assert LASTS[Identity.SHOWN_CODE] < LASTS[Identity.KNOWN_ADDRESS]


def test_what_was_sent_is_read_back_for_a_day_and_disowned_for_ninety() -> None:
    assert can_read_back(answered_at=NOW, at=NOW + SHOWN_FOR - TICK)
    assert not can_read_back(answered_at=NOW, at=NOW + SHOWN_FOR)
    assert can_disown(answered_at=NOW, at=NOW + RECEIPT_LASTS - TICK)
    assert not can_disown(answered_at=NOW, at=NOW + RECEIPT_LASTS)


@pytest.mark.parametrize("typed", ["r.devries@hospital.example", " R.deVries@Hospital.Example "])
def test_an_address_is_the_same_however_it_is_typed(typed: str) -> None:
    check_confirmed(typed, invited="r.devries@hospital.example")
    with pytest.raises(RuleBroken, match="own_assessment"):
        check_guest(typed, own="R.DEVRIES@hospital.example")


def test_another_address_than_the_link_was_sent_to_is_refused() -> None:
    with pytest.raises(RuleBroken, match="link_of_another"):
        check_confirmed("devries@hospital.example", invited="r.devries@hospital.example")
    check_guest("devries@hospital.example", own="r.devries@hospital.example")


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("rik@gmail.com", True),
        ("Rik@GMAIL.com ", True),
        ("rik@hospital.example", False),
        ("rik@gmail.com.hospital.example", False),
        ("gmail.com@hospital.example", False),
    ],
)
def test_an_address_that_anybody_can_have_is_known_by_its_domain(address: str, expected: bool) -> None:
    assert is_anybodys(address) is expected
