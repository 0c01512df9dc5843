"""A person's own ratings in figures: what is compared with what, and that they are about the reader alone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from competencies.observations import ActivityKind, AssessmentStatus
from competencies.people import Role
from competencies.scales import Direction
from competencies.stringency import Leaning, NotEnough, Stringency
from lms.accounts.models import User
from lms.assessments.figures import figures_of
from lms.assessments.models import Assessment
from lms.cohorts.models import Enrolment
from lms.logbook.models import Activity, ActivityEpa
from tests.factories import NOW, TODAY, Ward, enrol, epa_of, person_with
from tests.pages import Browser

ClientOf = Callable[[User | None], Browser]
DAY = timedelta(days=1)


class Group:
    """A ward where several colleagues rate the same trainees on one EPA."""

    def __init__(self, session: Session, trainees: int = 6) -> None:
        self.session, self.ward = session, Ward(session)
        self.epa = epa_of(session, "onc-k1")
        self.others = [person_with(session, Role.TRAINER, self.ward.organisation) for _number in range(3)]
        self.enrolments = [self._another() for _number in range(trainees)]

    def _another(self) -> Enrolment:
        trainee = person_with(self.session, Role.TRAINEE, self.ward.organisation)
        return enrol(self.session, self.ward.cohort, trainee, self.ward.department, self.ward.trainer)

    def rate(self, enrolment: Enrolment, by: User, rank: int, *, days_ago: int = 10, **more: object) -> Assessment:
        """Let somebody rate the trainee: the act was so many days ago, the rating came two days later."""
        activity = self._act(enrolment, days_ago)
        given: dict[str, object] = {
            "direction": Direction.RETROSPECTIVE,
            "status": AssessmentStatus.SUBMITTED,
            "scale_id": self.epa.scale_id,
            "comment": "",
        }
        at = NOW - (days_ago - 2) * DAY
        rating = Assessment(
            activity_id=activity.id,
            enrolment_id=enrolment.id,
            trainee_id=enrolment.trainee_id,
            epa_id=self.epa.id,
            assessor_id=by.id,
            instrument_key="kpb",
            requested_at=at,
            answered_at=at,
            level_code=str(rank),
            level_rank=rank,
            **given | more,
        )
        self.session.add(rating)
        self.session.flush()
        return rating

    def _act(self, enrolment: Enrolment, days_ago: int) -> Activity:
        activity = Activity(
            enrolment_id=enrolment.id,
            trainee_id=enrolment.trainee_id,
            kind=ActivityKind.PROCEDURE,
            performed_on=TODAY - days_ago * DAY,
            department_id=self.ward.department.id,
            note="",
            created_at=NOW,
        )
        self.session.add(activity)
        self.session.flush()
        self.session.add(ActivityEpa(activity_id=activity.id, epa_id=self.epa.id))
        self.session.flush()
        return activity

    def all_rate(self, *, mine: int, theirs: int, **more: object) -> None:
        """Let the trainer rate every trainee twice, and each of the others once."""
        for enrolment in self.enrolments:
            for days_ago in (10, 20):
                self.rate(enrolment, self.ward.trainer, mine, days_ago=days_ago)
            for other in self.others:
                self.rate(enrolment, other, theirs, **more)  # type: ignore[arg-type]

    def stringency(self) -> Stringency | NotEnough:
        return figures_of(self.session, self.ward.trainer.id, on=TODAY).stringency


@pytest.fixture
def group(session: Session, today: object) -> Group:
    return Group(session)


def test_who_rates_every_trainee_lower_than_three_others_reads_that_and_no_name(
    group: Group, client_of: ClientOf
) -> None:
    group.all_rate(mine=2, theirs=3)
    found = group.stringency()
    assert isinstance(found, Stringency)
    assert (found.ratings, found.trainees, found.leaning) == (12, 6, Leaning.LOWER)
    page = client_of(group.ward.trainer).get("/assessments/given/figures")
    assert "You rate lower than others did the same trainees." in page.text
    assert "The middle one is level 2." in page.text
    assert "within 3 days 12 (100 %)" in page.text
    for other in (*group.others, group.ward.second_trainer):
        assert other.name not in page.text


@pytest.mark.parametrize(
    "more",
    [
        {"direction": Direction.PROSPECTIVE},
        {"days_ago": 90},
        {"status": AssessmentStatus.DISOWNED},
    ],
    ids=["another direction", "long before", "disowned"],
)
def test_what_is_not_alike_is_not_compared(group: Group, more: dict[str, object]) -> None:
    group.all_rate(mine=2, theirs=3, **more)
    assert group.stringency() == NotEnough(10, 4, 3)


def test_too_little_says_what_lacks_and_shows_no_figure(group: Group, client_of: ClientOf) -> None:
    for enrolment in group.enrolments[:2]:
        group.rate(enrolment, group.ward.trainer, 2)
        group.rate(enrolment, group.others[0], 3)
    page = client_of(group.ward.trainer).get("/assessments/given/figures")
    assert "8 more ratings of trainees whom somebody else rated too" in page.text
    assert "2 more trainees" in page.text
    assert "2 more colleagues who rate the same trainees" in page.text
    assert "Yours is lower" not in page.text


def test_levels_of_both_directions_stand_apart(group: Group) -> None:
    one = group.enrolments[0]
    for rank, direction in ((2, Direction.RETROSPECTIVE), (3, Direction.RETROSPECTIVE), (4, Direction.PROSPECTIVE)):
        group.rate(one, group.ward.trainer, rank, direction=direction)
    mixes = figures_of(group.session, group.ward.trainer.id, on=TODAY).mixes
    assert [(mix.direction, mix.number) for mix in mixes] == [
        (Direction.RETROSPECTIVE, 2),
        (Direction.PROSPECTIVE, 1),
    ]
    assert [[level.code for level in mix.median] for mix in mixes] == [["2", "3"], ["4", "4"]]


def test_everybody_sees_their_own_figures_and_no_address_names_another(group: Group, client_of: ClientOf) -> None:
    group.all_rate(mine=2, theirs=3)
    for reader in (group.ward.lead, group.ward.administrator, group.ward.auditor, group.ward.committee_member):
        assert "You gave no assessment yet." in client_of(reader).get("/assessments/given/figures").text


def test_the_page_takes_as_many_statements_however_much_was_given(
    group: Group, client_of: ClientOf, statements: list[str]
) -> None:
    group.all_rate(mine=2, theirs=3)
    mine = client_of(group.ward.trainer)
    mine.get("/assessments/given/figures")
    statements.clear()
    mine.get("/assessments/given/figures")
    assert len(statements) == 4


def test_the_picture_has_a_bar_for_each_month_that_has_ratings(group: Group, client_of: ClientOf) -> None:
    group.all_rate(mine=2, theirs=3)
    answer = client_of(group.ward.trainer).raw("/assessments/given/figures/months.svg?size=narrow")
    assert (answer.status_code, answer.mimetype) == (200, "image/svg+xml")
    assert "Ratings you gave in each month" in answer.text
    assert "12</text>" in answer.text
