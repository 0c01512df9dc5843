"""Patient group, complexity and setting: asked only where the programme lists them, and counted where it asks them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from competencies.answers import Answer
from competencies.observations import Context
from lms.accounts.models import User
from lms.assessments.actions import submit
from lms.assessments.queries import observations_of
from lms.assessments.values import rating_scale, seen_version
from lms.curriculum.models import ProgrammeVersion
from lms.logbook.models import Activity, ActivityVersion
from lms.operations import check
from tests.assessments.requests import ask_for
from tests.curriculum.test_contexts import CONTEXTS
from tests.factories import NOW, Ward, epa_of
from tests.logbook.activities import log_activity
from tests.pages import Browser, Page

ClientOf = Callable[[User | None], Browser]


@pytest.fixture
def ward(session: Session) -> Ward:
    return Ward(session)


@pytest.fixture
def trainee(ward: Ward, client_of: ClientOf) -> Browser:
    return client_of(ward.trainee)


def let_choose(session: Session, ward: Ward, *kinds: str) -> None:
    """Let the programme of the ward list its contexts of those kinds, of all when none is named."""
    listed = [one for one in CONTEXTS if not kinds or one["kind"] in kinds]
    mine = ProgrammeVersion.id == ward.enrolment.programme_version_id
    session.execute(update(ProgrammeVersion).where(mine).values(contexts=listed))


def asked(page: Page) -> set[str]:
    names = {field.get("name") or "" for field in page.form().iter("select")}
    return names & {"patient_group", "complexity", "setting"}


def log(session: Session, trainee: Browser, status: int = 200, **chosen: str) -> Page:
    typed: dict[str, Any] = {"note": "A dressing", "kind": "procedure", "epas": [str(epa_of(session, "onc-k2").id)]}
    return trainee.send(trainee.get("/activities/new"), typed | chosen, status=status)


@pytest.mark.parametrize("path", ["/activities/new", "/activities/series"])
def test_only_what_the_programme_lists_is_asked(session: Session, ward: Ward, trainee: Browser, path: str) -> None:
    assert asked(trainee.get(path)) == set()
    let_choose(session, ward, "complexity")
    assert asked(trainee.get(path)) == {"complexity"}
    let_choose(session, ward)
    assert asked(trainee.get(path)) == {"patient_group", "complexity", "setting"}


def test_what_was_chosen_is_stored_and_shown(session: Session, ward: Ward, trainee: Browser) -> None:
    let_choose(session, ward)
    log(session, trainee, patient_group="children", complexity="low")
    activity = session.scalars(select(Activity)).one()
    assert activity.contexts == {"patient_group": "children", "complexity": "low"}
    page = trainee.get(f"/activities/{activity.id}")
    assert "Patient group Children" in page.text
    assert "Complexity Low" in page.text
    edit = trainee.get(f"/activities/{activity.id}/edit")
    trainee.send(edit, {"complexity": "", "patient_group": "adults"})
    assert session.scalars(select(Activity.contexts)).one() == {"patient_group": "adults"}


def test_nothing_has_to_be_chosen(session: Session, ward: Ward, trainee: Browser) -> None:
    let_choose(session, ward)
    log(session, trainee)
    assert session.scalars(select(Activity.contexts)).one() == {}


def test_what_is_not_on_the_list_is_refused(session: Session, ward: Ward, trainee: Browser) -> None:
    let_choose(session, ward, "complexity")
    page = trainee.get("/activities/new")
    values = page.filled(page.form(), {"note": "A dressing", "epas": [str(epa_of(session, "onc-k2").id)]})
    trainee.post("/activities/new", values | {"complexity": "extreme"}, status=422)
    assert not session.scalars(select(Activity)).all()


def test_what_is_logged_once_more_is_of_the_same_group(session: Session, ward: Ward, trainee: Browser) -> None:
    let_choose(session, ward)
    log(session, trainee, patient_group="children", setting="ward")
    again = next(link for link in trainee.get("/activities/new").links() if "like=" in link)
    trainee.send(trainee.get(again))
    chosen: Sequence[object] = session.scalars(select(Activity.contexts)).all()
    assert chosen == [{"patient_group": "children", "setting": "ward"}] * 2


def test_a_series_is_of_one_group(session: Session, ward: Ward, trainee: Browser) -> None:
    let_choose(session, ward)
    times = {f"times_{epa_of(session, key).id.hex}": "2" for key in ("onc-k2", "onc-k3")}
    trainee.send(trainee.get("/activities/series"), times | {"complexity": "low"})
    assert session.scalars(select(Activity.contexts)).all() == [{"complexity": "low"}] * 2


def test_observations_carry_it_and_a_correction_changes_it(session: Session, ward: Ward, trainee: Browser) -> None:
    let_choose(session, ward)
    before = NOW - timedelta(days=1)
    activity = log_activity(session, ward, at=before, performed_on=before.date())
    given = ask_for(session, ward, activity, at=before)
    scale = rating_scale(given)
    assert scale is not None
    submit(session, given, Answer(level=scale.levels[0]), seen=seen_version(given), by=ward.trainer, at=before)
    key = ward.enrolment.id, given.epa_id
    page = trainee.get(f"/activities/{activity.id}/correct")
    shown = trainee.send(page, {"patient_group": "children", "reason": "Forgotten"})
    assert "Patient group Children (it was: –)" in shown.text
    (seen,) = observations_of(session, [ward.enrolment.id])[key]
    assert seen.contexts == {Context.DEPARTMENT: str(ward.department.id), Context.PATIENT_GROUP: "children"}
    kept: Sequence[object] = session.scalars(select(ActivityVersion.contexts).order_by(ActivityVersion.number)).all()
    assert kept == [{}, {"patient_group": "children"}]
    for one in check.CHECKS:
        one.run(session.connection(), lambda _more: None)


def test_a_choice_that_a_later_version_does_not_list_stays(session: Session, ward: Ward, trainee: Browser) -> None:
    let_choose(session, ward)
    log(session, trainee, patient_group="children")
    let_choose(session, ward, "complexity")
    activity_id = session.scalars(select(Activity.id)).one()
    assert "Patient group children" in trainee.get(f"/activities/{activity_id}").text
    trainee.send(trainee.get(f"/activities/{activity_id}/edit"), {"note": "Two dressings", "complexity": "low"})
    assert session.scalars(select(Activity.contexts)).one() == {"patient_group": "children", "complexity": "low"}
