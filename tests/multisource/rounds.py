"""Feedback rounds for the tests, made through the actions as the pages do."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from competencies.multisource import SELF
from lms.accounts.models import User
from lms.cohorts.queries import one_enrolment
from lms.invitations.tokens import Tokens
from lms.invitations.values import Guest
from lms.multisource import actions, queries, talks
from lms.multisource.models import FeedbackRound, Rater
from lms.organisations.permissions import duties_of
from tests.factories import NOW, TODAY, Ward, make_user
from tests.mailbox import letters, plain

GUEST = Guest(email="r.devries@ambulance.example.org", name="Rik de Vries", role="Ambulance nurse")
OFTEN = {"listens": "often", "help": "always", "again": True}


def tokens_of(app: Flask) -> Tokens:
    """Return the tokens of the app under test."""
    return Tokens(app.config["SECRET_KEY"])


def loaded(session: Session, round_: FeedbackRound, reader: User) -> FeedbackRound:
    """Return the round as a page loads it for a person."""
    session.flush()
    found = queries.one_visible(session, duties_of(reader.id, on=TODAY), round_.id)
    assert found is not None
    return found


def open_round(session: Session, ward: Ward, *groups: str, at: datetime = NOW, days: int = 21) -> FeedbackRound:
    """Return a new round about the trainee of the ward, with the shared form and those groups of it, or all."""
    enrolment = one_enrolment(session, duties_of(ward.trainee.id, on=TODAY), ward.enrolment.id)
    assert enrolment is not None
    forms = queries.forms_for(session, enrolment)
    shared = next(one for one in forms if one.form_id is None)
    chosen = [one for one in shared.groups if not groups or one.key in groups]
    opened = actions.open_round(
        session, enrolment, shared, chosen, closes_on=at.date() + timedelta(days=days), by=ward.trainee, at=at
    )
    return loaded(session, opened, ward.trainee)


def ask_many(session: Session, ward: Ward, round_: FeedbackRound, **groups: int) -> list[Rater]:
    """Ask so many new people in each group, and return what they are asked."""
    known = {one.id for one in loaded(session, round_, ward.trainee).raters}
    for group, number in groups.items():
        people = [make_user(session, group.capitalize()) for _one in range(number)]
        actions.ask(session, loaded(session, round_, ward.trainee), people, group, by=ward.trainee, at=NOW)
    session.flush()
    return [one for one in loaded(session, round_, ward.trainee).raters if one.id not in known]


def answer(session: Session, rater: Rater, answers: Mapping[str, Any] = OFTEN, *, at: datetime = NOW) -> None:
    """Answer as that person."""
    asked = queries.rater_in(session, rater.round_id, rater.user_id)
    assert asked is not None
    actions.answer(session, asked, answers, at=at)


def answer_all(session: Session, ward: Ward, round_: FeedbackRound, **groups: int) -> None:
    """Ask so many new people in each group and have each of them answer, and the trainee too."""
    for number, rater in enumerate(ask_many(session, ward, round_, **groups)):
        answer(session, rater, OFTEN | {"strength": f"Strength {number} of {rater.group_key}"})
    own = session.scalars(select(Rater).where(Rater.round_id == round_.id, Rater.group_key == SELF)).one()
    answer(session, own, {"listens": "sometimes", "growth": "My own words"})


def closed_round(session: Session, ward: Ward, **groups: int) -> FeedbackRound:
    """Return a round that was closed after its last day, with so many answers in each group and the trainee's own."""
    round_ = open_round(session, ward)
    answer_all(session, ward, round_, **groups)
    actions.close(session, loaded(session, round_, ward.trainee), by=None, at=NOW)
    return loaded(session, round_, ward.trainee)


def plan(session: Session, ward: Ward, round_: FeedbackRound) -> FeedbackRound:
    """Plan the conversation with the trainer of the ward for today."""
    guides = [ward.trainer, ward.second_trainer]
    talks.plan_conversation(session, round_, on=TODAY, guide_id=ward.trainer.id, guides=guides, by=ward.trainee, at=NOW)
    return loaded(session, round_, ward.trainee)


def last_link(session: Session) -> str:
    """Return the path of the link in the last mail."""
    found = re.search(r"https?://[^/\s]+(/m/[A-Za-z0-9_-]{96})", plain(letters(session)[-1]))
    assert found is not None
    return found[1]
