"""Feedback rounds in the demonstration: one that was talked over, with goals, and one that is open."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.orm import Session

from competencies.multisource import SELF, GoalState
from lms.accounts.actions import note_outsider
from lms.accounts.models import User
from lms.accounts.queries import user_by_email
from lms.cohorts.queries import enrolments_of_trainee, guides_of
from lms.core.keys import keys_from
from lms.demo.chance import Chance
from lms.demo.story import SIGN_IN
from lms.invitations.tokens import digest_of
from lms.multisource import actions, queries, talks
from lms.multisource.models import FeedbackAnswer, FeedbackRound, Rater
from lms.notices.models import Notice
from lms.organisations.permissions import Duties

TRAINER = "trainer@example.org"
STEPS = ("sometimes", "often", "often", "always", "always")
RATED = ("listens", "agreements", "handover", "help", "respect")
STRENGTHS = (
    "Rustig aan het bed, ook als het druk is.",
    "Vraagt door totdat het duidelijk is.",
    "Je weet wat je aan haar hebt.",
    "Legt goed uit, zonder haast.",
)
GROWTHS = (
    "Mag eerder zeggen dat het te veel wordt.",
    "Bij de overdracht eerst het belangrijkste.",
    "Vraag vaker wat een ander ervan vindt.",
)
OWN = {
    "listens": "often",
    "agreements": "always",
    "handover": "often",
    "help": "sometimes",
    "respect": "always",
    "again": True,
    "growth": "Ik wil eerder om hulp vragen.",
}
GOALS = (
    ("Bij elke overdracht eerst het belangrijkste noemen.", "De volgende dienst hoeft niets na te vragen.", 60),
    ("Hulp vragen voordat het te druk wordt.", "De coördinator wordt gebeld, en niet pas achteraf.", 90),
)
ASKED_TO_CLOSE = {"supervisors": 4, "peers": 5, "professions": 2, "others": 1}
ASKED_NOW = {"supervisors": 2, "peers": 3, "professions": 2}


def show_rounds(session: Session, chance: Chance, *, today: date, at: datetime) -> None:
    """Let the trainee who can sign in read one round, and have another one open that the trainer has to answer."""
    trainee, trainer = user_by_email(session, SIGN_IN), user_by_email(session, TRAINER)
    if trainee is None or trainer is None:
        return
    began = at - timedelta(days=45)
    with keys_from(lambda: UUID(str(chance.key(began)))):
        _Rounds(session, chance, trainee, trainer, today).show(began, at - timedelta(days=3))


class _Rounds:
    """The rounds about one trainee."""

    def __init__(self, session: Session, chance: Chance, trainee: User, trainer: User, today: date) -> None:
        self._session = session
        self._chance = chance
        self._trainee = trainee
        self._trainer = trainer
        self._today = today

    def show(self, began: datetime, lately: datetime) -> None:
        """Make both rounds; nothing of it is mailed."""
        closed, opened = self._closed(began), self._open(lately)
        told = update(Notice).where(Notice.about_id.in_([closed, opened])).values(to_mail=False)
        self._session.execute(told.execution_options(synchronize_session=False))

    def _closed(self, began: datetime) -> UUID:
        """Return a round that closed three weeks after it began, was talked over, and has goals."""
        round_ = self._opened(began)
        self._ask(round_, ASKED_TO_CLOSE, at=began)
        for rater in self._raters(round_):
            self._answer(rater, at=began + timedelta(days=1 + self._chance.randrange(9)))
        ended = began + timedelta(days=20)
        actions.close(self._session, self._loaded(round_), by=None, at=ended)
        self._rename(round_)
        self._talk_over(round_, at=ended + timedelta(days=1))
        return round_.id

    def _open(self, began: datetime) -> UUID:
        """Return a round that began some days ago, which the trainer and others did not answer yet."""
        round_ = self._opened(began)
        self._ask(round_, ASKED_NOW, at=began)
        self._ask_outside(round_, at=began)
        waits = [one for one in self._raters(round_) if one.user_id not in {self._trainee.id, self._trainer.id}]
        for rater in waits[:4]:
            self._answer(rater, at=began + timedelta(days=1))
        return round_.id

    def _opened(self, at: datetime) -> FeedbackRound:
        (enrolment, *_others) = enrolments_of_trainee(self._session, self._trainee.id)
        form = next(one for one in queries.forms_for(self._session, enrolment) if one.form_id is None)
        closes_on = at.date() + timedelta(days=19)
        return actions.open_round(
            self._session, enrolment, form, form.groups, closes_on=closes_on, by=self._trainee, at=at
        )

    def _ask(self, round_: FeedbackRound, groups: Mapping[str, int], *, at: datetime) -> None:
        """Ask people of the organisation; the trainer who can sign in is the first of the supervisors."""
        for group, number in groups.items():
            found = queries.people_to_ask(self._session, self._loaded(round_), "", on=at.date())
            others = [one for one in found if one.id != self._trainer.id]
            first = [self._trainer] if group == "supervisors" else []
            people = [*first, *self._chance.some_of(others, number - len(first))]
            actions.ask(self._session, self._loaded(round_), people, group, by=self._trainee, at=at)

    def _ask_outside(self, round_: FeedbackRound, *, at: datetime) -> None:
        """Ask somebody by a link, which opens nothing: nobody knows a token that has this hash."""
        guest = note_outsider(
            self._session, email="k.postma@example.org", name="Klaas Postma (demo)", by=self._trainee, at=at
        )
        guest.demo = True
        actions.ask(self._session, self._loaded(round_), [guest], "others", by=self._trainee, at=at)
        rater = next(one for one in self._raters(round_) if one.user_id == guest.id)
        rater.stated_role, rater.token_hash = "Wijkverpleegkundige", digest_of(str(self._chance.key(at)))
        self._session.flush()

    def _raters(self, round_: FeedbackRound) -> list[Rater]:
        return sorted(self._loaded(round_).raters, key=lambda one: (one.group_key, one.user_id))

    def _answer(self, rater: Rater, *, at: datetime) -> None:
        found = queries.rater_in(self._session, rater.round_id, rater.user_id)
        assert found is not None, "it was asked just now"  # noqa: S101
        actions.answer(self._session, found, OWN if rater.group_key == SELF else dict(self._said()), at=at)

    def _said(self) -> Iterator[tuple[str, Any]]:
        for item in RATED:
            if self._chance.happens(0.9):
                yield item, self._chance.choice(STEPS)
        yield "again", self._chance.happens(0.9)
        if self._chance.happens(0.7):
            yield "strength", self._chance.choice(STRENGTHS)
        if self._chance.happens(0.5):
            yield "growth", self._chance.choice(GROWTHS)

    def _rename(self, round_: FeedbackRound) -> None:
        """Give the answers keys that repeat with the seed: those of the product come from no seed at all."""
        stored = queries.answers_of(self._session, round_.id)
        for one in sorted(stored, key=lambda row: (row.group_key, str(sorted(row.answers.items())))):
            anew = UUID(int=self._chance.getrandbits(128), version=4)
            self._session.execute(update(FeedbackAnswer).where(FeedbackAnswer.id == one.id).values(id=anew))
        self._session.expire_all()

    def _talk_over(self, round_: FeedbackRound, *, at: datetime) -> None:
        guides = guides_of(self._session, self._trainee.id, on=at.date())
        guide_id = next(one.id for one in guides if one.id == self._trainer.id)
        on, by = at.date() + timedelta(days=4), self._trainee
        talks.plan_conversation(
            self._session, self._loaded(round_), on=on, guide_id=guide_id, guides=guides, by=by, at=at
        )
        held, goals = at + timedelta(days=4), []
        for what, seen_by, days in GOALS:
            due_on = self._today + timedelta(days=days)
            goals.append(
                talks.set_goal(
                    self._session, self._loaded(round_), what=what, seen_by=seen_by, due_on=due_on, by=by, at=held
                )
            )
        goals[1].round = self._loaded(round_)
        talks.settle_goal(self._session, goals[1], state=GoalState.REACHED, by=by, at=held + timedelta(days=14))

    def _loaded(self, round_: FeedbackRound) -> FeedbackRound:
        self._session.flush()
        duties = Duties(self._trainee.id, self._today, frozenset())
        found = queries.one_visible(self._session, duties, round_.id)
        assert found is not None, "it is about this trainee"  # noqa: S101
        return found
