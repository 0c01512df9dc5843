"""Rounds of feedback: who is asked, that an answer cannot be joined to who gave it, and when a round closes."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from competencies.errors import RuleBroken
from lms.core.audit import AuditEntry
from lms.multisource import actions, queries, reminding
from lms.multisource.models import FeedbackAnswer, Rater
from lms.multisource.values import counts_of, report_of
from lms.notices.models import Notice, NoticeKind
from tests.factories import NOW, TODAY, Ward
from tests.mailbox import letters, plain
from tests.multisource.rounds import (
    GUEST,
    answer,
    answer_all,
    ask_many,
    closed_round,
    last_link,
    loaded,
    open_round,
    tokens_of,
)


@pytest.fixture
def ward(session: Session) -> Ward:
    """Return a ward."""
    return Ward(session)


def test_there_is_one_open_round_and_the_trainee_is_the_first_to_be_asked(session: Session, ward: Ward) -> None:
    round_ = open_round(session, ward)
    assert [one.user_id for one in round_.raters] == [ward.trainee.id]
    assert [one.minimum for one in [count.group for count in counts_of(round_)]] == [3, 3, 3, 3, 1]
    with pytest.raises(RuleBroken, match="round_open"):
        open_round(session, ward)


def test_nothing_that_is_stored_joins_an_answer_to_who_gave_it(session: Session, ward: Ward) -> None:
    round_ = open_round(session, ward)
    raters = ask_many(session, ward, round_, peers=3)
    for number, rater in enumerate(raters):
        answer(session, rater, {"listens": ("seldom", "often", "always")[number]})
    before = {one.id for one in queries.answers_of(session, round_.id)}
    actions.close(session, loaded(session, round_, ward.trainee), by=None, at=NOW)
    columns = session.execute(
        text("SELECT column_name FROM information_schema.columns WHERE table_name = 'feedback_answers' ORDER BY 1")
    )
    assert list(columns.scalars()) == ["answers", "group_key", "id", "round_id"]
    stored = queries.answers_of(session, round_.id)
    assert len(stored) == 3
    assert not {one.id for one in stored} & before, "they are written anew"
    assert {one.id.version for one in stored} == {4}, "a key that says nothing of the moment"
    written = set(session.scalars(text("SELECT xmin::text FROM feedback_answers")))
    assert len(written) == 1, "one transaction wrote them all"
    told = [entry for entry in session.scalars(select(AuditEntry)) if entry.action == "feedback.answered"]
    assert {entry.subject_id for entry in told} == {one.user_id for one in raters}
    assert {str(entry.facts) for entry in told} == {"{}"}


def test_an_answer_is_given_once(session: Session, ward: Ward) -> None:
    (rater,) = ask_many(session, ward, open_round(session, ward), peers=1)
    with pytest.raises(RuleBroken, match="feedback_empty"):
        answer(session, rater, {})
    answer(session, rater)
    with pytest.raises(RuleBroken, match="feedback_given"):
        answer(session, rater)
    assert len(session.scalars(select(FeedbackAnswer)).all()) == 1


def test_a_round_closes_early_only_with_each_minimum_and_then_nobody_answers(session: Session, ward: Ward) -> None:
    round_ = open_round(session, ward, "peers")
    late, *_others = ask_many(session, ward, round_, peers=1)
    with pytest.raises(RuleBroken, match="round_incomplete"):
        actions.close(session, loaded(session, round_, ward.trainee), by=ward.trainee, at=NOW)
    answer_all(session, ward, round_, peers=3)
    actions.close(session, loaded(session, round_, ward.trainee), by=ward.trainee, at=NOW)
    with pytest.raises(RuleBroken, match="round_closed"):
        answer(session, late)
    with pytest.raises(RuleBroken, match="round_closed"):
        ask_many(session, ward, round_, peers=1)


def test_a_report_shows_small_groups_together_and_the_own_answer_apart(session: Session, ward: Ward) -> None:
    round_ = closed_round(session, ward, peers=3, professions=2, others=1)
    report = report_of(round_, queries.answers_of(session, round_.id))
    assert [one.groups for one in report.circles.shown] == [("peers",), ("professions", "others")]
    listens = next(one for one in report.items if one.item.key == "listens")
    assert [part.spread.counts for part in listens.parts if part.spread] == [
        (("seldom", 0), ("sometimes", 0), ("often", 3), ("always", 0))
    ] * 2
    strength = next(one for one in report.items if one.item.key == "strength")
    assert sorted(strength.parts[0].texts) == ["Strength 0 of peers", "Strength 1 of peers", "Strength 2 of peers"]
    assert strength.own is None
    assert not any("My own words" in part.texts for one in report.items for part in one.parts)


def test_one_small_group_is_not_shown(session: Session, ward: Ward) -> None:
    round_ = closed_round(session, ward, peers=3, others=2)
    report = report_of(round_, queries.answers_of(session, round_.id))
    assert [(one.group, one.needed) for one in report.circles.withheld] == [("others", 1)]
    assert "of others" not in str(report.items)


def test_who_is_asked_no_more_counts_as_asked_and_an_answer_stays(session: Session, ward: Ward) -> None:
    round_ = open_round(session, ward, "peers")
    raters = ask_many(session, ward, round_, peers=2)
    answer(session, raters[0])
    for rater in raters:
        actions.withdraw(session, loaded(session, round_, ward.trainee), rater, by=ward.trainee, at=NOW)
    peers, _own = counts_of(loaded(session, round_, ward.trainee))
    assert (peers.asked, peers.answered) == (2, 1)
    assert not queries.asked_of(session, raters[1].user_id)


def test_who_did_not_answer_is_reminded_by_notice_or_by_the_same_link(app: Flask, session: Session, ward: Ward) -> None:
    round_ = open_round(session, ward, "peers")
    waits, done = ask_many(session, ward, round_, peers=2)
    answer(session, done)
    actions.ask_outside(session, round_, GUEST, "peers", tokens=tokens_of(app), by=ward.trainee, at=NOW)
    link = last_link(session)
    for day, expected in ((1, 0), (2, 3), (3, 0), (5, 3), (9, 0)):
        at = NOW + timedelta(days=day)
        assert reminding.remind(session, tokens=tokens_of(app), at=at) == expected
    reminded = select(Notice.reader_id).where(Notice.kind == NoticeKind.FEEDBACK_REMINDER, Notice.read_at.is_(None))
    assert set(session.scalars(reminded)) == {waits.user_id, ward.trainee.id}
    sent = [one for one in letters(session) if link in plain(one)]
    assert len(sent) == 3
    assert "Reminder" in str(sent[-1]["Subject"])
    assert all("listens" not in plain(one) for one in sent)


def test_a_round_is_due_after_its_last_day(session: Session, ward: Ward) -> None:
    round_ = open_round(session, ward, days=3)
    assert queries.due_to_close(session, on=TODAY + timedelta(days=3)) == []
    assert queries.due_to_close(session, on=TODAY + timedelta(days=4)) == [round_.id]
    actions.close(session, queries.one_to_close(session, round_.id), by=None, at=NOW + timedelta(days=4))
    told = session.scalars(select(Notice.reader_id).where(Notice.kind == NoticeKind.FEEDBACK_CLOSED)).all()
    assert told == [ward.trainee.id]
    assert not session.scalars(select(Rater.id).where(Rater.nonce.is_not(None) | Rater.remind_on.is_not(None))).all()
