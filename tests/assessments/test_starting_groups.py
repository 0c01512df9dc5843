"""A group that did one thing together is assessed on one screen, unasked: all that is filled in, or nothing."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lms.accounts.models import User
from lms.assessments.models import Assessment
from lms.cohorts.models import Enrolment
from lms.logbook.models import Activity
from tests.factories import Ward, epa_of, make_department
from tests.pages import Browser, Page

ClientOf = Callable[[User | None], Browser]
FORM = "/assessments/start/together"


@pytest.fixture
def ward(session: Session) -> Ward:
    return Ward(session)


@pytest.fixture
def group(session: Session, ward: Ward) -> Sequence[Enrolment]:
    """Three trainees of one cohort, in the order in which they enrolled."""
    for _number in range(2):
        ward.fellow(session)
    return session.scalars(select(Enrolment).order_by(Enrolment.id)).all()


@pytest.fixture
def trainer(ward: Ward, client_of: ClientOf) -> Browser:
    return client_of(ward.trainer)


def screen(trainer: Browser, group: Sequence[Enrolment]) -> Page:
    return trainer.get(FORM + "?" + "&".join(f"trainee={one.id}" for one in group))


def filled(session: Session, levels: dict[Enrolment, str]) -> dict[str, str]:
    """Return what a trainer fills in: one act, and a level for each of these."""
    act = {"note": "Practised a transfusion", "epa": str(epa_of(session, "onc-k2").id)}
    return act | {f"{one.id}-level": level for one, level in levels.items()}


def test_a_group_is_a_cohort_or_a_department_of_two_or_more(
    session: Session, ward: Ward, trainer: Browser, group: Sequence[Enrolment]
) -> None:
    assert "/assessments/start/group" in trainer.get("/assessments/start").links()
    group[0].department_id = make_department(session, ward.organisation, "Alone").id
    page = trainer.get("/assessments/start/group")
    assert f"{ward.cohort.name} Oncology · 3 trainees" in page.text
    assert "Ward" in page.text
    assert "Alone" not in page.text
    ticks = trainer.get(next(link for link in page.links() if "group=" in link))
    assert all(str(one.id) in ticks.source for one in group)


def test_what_is_filled_in_is_given_at_once_and_of_the_rest_nothing_is_written(
    session: Session, trainer: Browser, group: Sequence[Enrolment]
) -> None:
    first, second, third = group
    form = screen(trainer, group)
    for _tap in range(2):
        assert "2 assessments are given." in trainer.send(form, filled(session, {first: "3", third: "4"})).text
    rows = session.execute(select(Assessment.enrolment_id, Assessment.level_code, Assessment.started)).all()
    assert sorted(rows, key=str) == sorted([(first.id, "3", True), (third.id, "4", True)], key=str)
    assert session.scalar(select(func.count()).where(Activity.enrolment_id == second.id)) == 0


def test_one_that_is_not_whole_gives_none_and_keeps_all_that_was_typed(
    session: Session, trainer: Browser, group: Sequence[Enrolment]
) -> None:
    first, second, _third = group
    form = screen(trainer, group)
    refused = trainer.send(form, filled(session, {first: "3"}) | {f"{second.id}-comment": "No level yet"}, status=422)
    assert "Choose one of these." in refused.text
    assert "No level yet" in refused.source
    assert "Fill in at least one of these." in trainer.send(form, filled(session, {}), status=422).text
    assert session.scalar(select(func.count()).select_from(Activity)) == 0


def test_nobody_from_elsewhere_gets_into_a_group(
    session: Session, trainer: Browser, group: Sequence[Enrolment]
) -> None:
    stranger = Ward(session).enrolment
    trainer.get(f"{FORM}?trainee={group[0].id}&trainee={stranger.id}", status=404)
    trainer.get(FORM, status=404)
