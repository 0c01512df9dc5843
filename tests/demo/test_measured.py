"""What performance is measured on: exactly twenty EPAs, exactly fifty trainees, and histories like those for show."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from competencies.curricula import ProgrammeStatus
from lms.assessments.models import Assessment
from lms.demo import copying
from lms.demo.chance import Chance
from lms.demo.copying import Loader
from lms.demo.loading import driver_of
from lms.demo.measured import DENSE, Plan, load_measured, measured_course, plans_for
from lms.demo.programmes import courses
from lms.demo.region import Region
from lms.demo.rows import AllianceRow, OrganisationRow
from lms.demo.sizes import EXTENTS, MEASURED_COHORT, WIDE_COHORT, Extent, Size
from lms.entrustment.models import Decision
from lms.logbook.models import Activity
from lms.progress import history
from tests.demo.loaded import DAY, HASH, MOMENT, rows


@pytest.mark.parametrize(("size", "cohorts", "trainees"), [(Size.M, 20, 1_000), (Size.L, 400, 20_000)])
def test_the_plan_has_the_cohorts_of_the_size_and_one_of_a_thousand(size: Size, cohorts: int, trainees: int) -> None:
    *measured, wide = plans_for(EXTENTS[size])
    assert [plan.trainees for plan in measured] == [MEASURED_COHORT] * cohorts
    assert sum(plan.trainees for plan in measured) == trainees
    assert wide.trainees == WIDE_COHORT
    assert {plan.place for plan in measured} == set(range(EXTENTS[size].organisations))


def test_the_region_for_show_has_nothing_to_measure() -> None:
    assert plans_for(EXTENTS[Size.S]) == []


def test_the_measured_programme_is_a_draft_of_twenty_epas_that_is_loaded_once(session: Session) -> None:
    known = courses(session)
    course = measured_course(session, known, at=MOMENT)
    again = measured_course(session, known, at=MOMENT + timedelta(days=1))
    assert len(course.parts_for(None)) == 20
    assert all(part.target is not None and part.target.code == "4" for part in course.parts)
    assert course.version.status is ProgrammeStatus.DRAFT
    assert course.version.title["nl"].endswith("(demo)")
    assert again.version.id == course.version.id


def test_a_measured_cohort_has_histories_and_standings_that_follow_from_them(session: Session) -> None:
    course = measured_course(session, courses(session), at=MOMENT)
    extent = Extent(organisations=3, measured_cohorts=1, more_trainers=2, trainers_of_wide=0)
    region = Region(Chance("measured"), extent=extent, today=DAY, password_hash=HASH)
    told: list[None] = []
    with Loader(driver_of(session)) as loader:
        loader.take(region.rows)
        plans = [Plan(place=1, months_ago=18, trainees=6, habits=DENSE)]
        load_measured(loader, course, region, plans, seed=1, today=DAY, advance=lambda: told.append(None))
    assert len(told) == 6
    assert rows(session, "SELECT count(*), count(DISTINCT trainee_id) FROM enrolments") == [(6, 6)]
    numbers = [session.scalar(select(func.count()).select_from(kind)) for kind in (Activity, Assessment, Decision)]
    activities, assessments, decisions = (number or 0 for number in numbers)
    assert 800 < activities < 2_400
    assert 400 < assessments < 1_200
    assert 20 < decisions < 160
    assert session.execute(history.differences()).all() == []
    standings = session.scalar(text("SELECT count(*) FROM standings"))
    assert standings is not None
    assert 60 < standings <= 120


def interrupted(session: Session, region: Region) -> None:
    with Loader(driver_of(session)) as loader:
        loader.take(region.rows)
        raise KeyboardInterrupt


def test_a_load_that_is_interrupted_leaves_the_connection_free(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(copying, "FULL", 1)
    region = Region(Chance("failed"), extent=EXTENTS[Size.S], today=DAY, password_hash=HASH)
    with pytest.raises(KeyboardInterrupt):
        interrupted(session, region)
    assert session.scalar(text("SELECT count(*) FROM organisations")) == 11


def test_a_country_has_a_hundred_organisations_of_different_names() -> None:
    region = Region(Chance("country"), extent=EXTENTS[Size.L], today=DAY, password_hash=HASH)
    organisations = [row for row in region.rows if isinstance(row, OrganisationRow)]
    assert len({row.name for row in organisations}) == 100
    assert len([row for row in region.rows if isinstance(row, AllianceRow)]) == 10
    assert len(region.circle(0)) == 11
    assert region.circle(57)[0] is region.places[57]
