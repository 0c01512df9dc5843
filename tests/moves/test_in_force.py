"""After a move every page and count gives one answer to whether a declaration is in force today."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from competencies.decisions import DecisionState, in_force, state_of
from competencies.people import Role
from lms.accounts.models import User
from lms.cohorts.queries import moves_of
from lms.entrustment.models import Decision
from lms.entrustment.queries import as_domain, held_on
from lms.organisations.permissions import duties_of
from lms.paths.queries import path_and_declared, version_to_follow
from lms.progress.history import differences
from lms.progress.queries import cohort_matrix, guided_lines, left_behind, lines_of, regional_cohorts
from lms.progress.queries.calendar import expiries_of
from tests.factories import TODAY, make_alliance, person_with
from tests.moves.examples import Moving, with_cohort
from tests.moves.test_actions import way_back
from tests.pages import Browser
from tests.progress.history import decided, rated

Clients = Callable[[User | None], Browser]
DAY = timedelta(days=1)


@pytest.fixture
def ward(session: Session) -> Moving:
    return Moving(session)


@pytest.fixture(autouse=True)
def proven(session: Session) -> Iterator[None]:
    """After every step here the standings are those of the history."""
    yield
    session.flush()
    assert session.execute(differences()).all() == []


def moved(session: Session, ward: Moving) -> None:
    ward.publish(session)
    ward.moved(session)
    ward.enrolment = with_cohort(session, ward.enrolment)


def worth(session: Session, decision: Decision) -> DecisionState:
    """Return what the decision is worth today by itself."""
    session.refresh(decision, ["overtaken_on"])
    session.refresh(decision, ["scale"])
    session.refresh(decision.scale, ["levels"])
    value = as_domain(decision)
    return state_of(value, [value], on=TODAY)


def test_a_declaration_that_was_lowered_on_the_new_text_is_in_force_nowhere(
    session: Session, ward: Moving, client_of: Clients
) -> None:
    high = decided(session, ward, "onc-k1", "5", on=TODAY - DAY)
    old = ward.epa(session, "onc-k1", ward.old)
    moved(session, ward)
    client = client_of(ward.committee_member)
    assert "In force" in client.get(f"/decisions/{high.id}").text
    low = decided(session, ward, ward.epa(session, "onc-k1"), "2")
    page = client.get(f"/decisions/{high.id}")
    assert "Superseded by the decision of" in page.text
    assert f"/decisions/{low.id}" in page.links()
    assert "In force from" in page.text
    assert page.text.count("In force") == 1
    dossier = client.get(f"/enrolments/{ward.enrolment.id}/epas/{old.id}")
    assert "No declaration is in force today." in dossier.text
    assert "In force since" not in dossier.text
    programme = version_to_follow(session, "oncologieverpleegkundige")
    assert programme is not None
    _path, declared = path_and_declared(session, programme, ward.trainee.id)
    known = {one.decision.id: one.decision for one in declared if one.epa.id == old.id}
    assert known[high.id].is_overtaken(on=TODAY)
    chart = f"/enrolments/{ward.enrolment.id}/epas/{old.id}/levels.svg"
    assert client.raw(chart).status_code == 200


def test_one_lowered_part_of_a_split_leaves_the_other_in_force(
    session: Session, ward: Moving, client_of: Clients
) -> None:
    whole = decided(session, ward, "onc-k2", "4", on=TODAY - DAY)
    moved(session, ward)
    decided(session, ward, ward.epa(session, "onc-k2a"), "2")
    client, base = client_of(ward.committee_member), f"/enrolments/{ward.enrolment.id}/epas"
    assert worth(session, whole) is DecisionState.SUPERSEDED
    assert "In force since" in client.get(f"{base}/{ward.epa(session, 'onc-k2b').id}").text
    page = " ".join(client.get(f"/decisions/{whole.id}").text.split())
    assert "Holds on in version 2027.1 for New text of onc-k2b In force" in page
    assert "Holds on in version 2027.1 for New text of onc-k2a Superseded" in page


def test_declarations_that_a_merge_recognised_together_are_worth_the_same(
    session: Session, ward: Moving, client_of: Clients
) -> None:
    decided(session, ward, "onc-k3", "5", on=TODAY - 2 * DAY)
    first = decided(session, ward, "onc-k4", "4", on=TODAY - DAY)
    moved(session, ward)
    client, new = client_of(ward.committee_member), ward.epa(session, "onc-k34")
    address = f"/enrolments/{ward.enrolment.id}/epas/{new.id}"
    assert "Superseded" not in client.get(address).text
    assert "Superseded" not in client.get(f"/decisions/{first.id}").text
    decided(session, ward, new, "3")
    assert client.get(address).text.count("Superseded") == 2


def test_what_was_not_recognised_and_decided_on_anew_shows_no_level_in_lists_and_counts_once(
    session: Session, ward: Moving
) -> None:
    alliance = make_alliance(session, ward.organisation)
    coordinator = duties_of(person_with(session, Role.REGIONAL_COORDINATOR, alliance).id, on=TODAY)
    for _one in range(5):
        ward.fellow(session)
    rated(session, ward, "onc-k3", "4")
    decided(session, ward, "onc-k3", "5", on=TODAY - DAY)
    moved(session, ward)
    (before,) = regional_cohorts(session, coordinator)
    assert before.decisions_in_force == 1
    decided(session, ward, "onc-k34", "2")
    (after,) = regional_cohorts(session, coordinator)
    assert after.decisions_in_force == 1
    moves = moves_of(session, [ward.enrolment])[ward.enrolment.id]
    assert left_behind(session, ward.enrolment, moves, on=TODAY) == []
    matrix = cohort_matrix(session, ward.cohort.id, on=TODAY)
    row = next(one for one in matrix.rows if one.trainee_id == ward.trainee.id)
    shown = {
        (epa.key, epa.version): cell.level.code
        for epa, cell in zip(matrix.columns, row.cells, strict=True)
        if cell is not None and cell.level is not None
    }
    assert shown == {("onc-k34", "2027.1"): "2"}


def test_a_move_back_leaves_the_lowered_declaration_above_the_earlier_one(session: Session, ward: Moving) -> None:
    high = decided(session, ward, "onc-k3", "5", on=TODAY - DAY)
    moved(session, ward)
    low = decided(session, ward, "onc-k34", "2")
    ward.moved(session, way_back(session, ward, {"onc-k3": ["onc-k34"]}))
    assert (worth(session, high), worth(session, low)) == (DecisionState.SUPERSEDED, DecisionState.IN_FORCE)


def test_no_part_of_a_split_says_that_its_declaration_holds_elsewhere(session: Session, ward: Moving) -> None:
    decided(session, ward, "onc-k2", "4", on=TODAY - DAY)
    decided(session, ward, "onc-k3", "5", on=TODAY - 3 * DAY)
    decided(session, ward, "onc-k4", "5", on=TODAY - 2 * DAY)
    moved(session, ward)
    for key in ("onc-k2a", "onc-k2b", "onc-k34"):
        row = ward.standing(session, ward.epa(session, key))
        assert row is not None
        assert not row.is_recognised
    ward.moved(session, way_back(session, ward, {"onc-k3": ["onc-k34"], "onc-k4": ["onc-k34"]}))
    for key in ("onc-k3", "onc-k4"):
        row = ward.standing(session, ward.epa(session, key, ward.old))
        assert row is not None
        assert not row.is_recognised


def test_evidence_of_two_merged_epas_is_not_mixed_by_a_move_back(session: Session, ward: Moving) -> None:
    rated(session, ward, "onc-k3", "4")
    moved(session, ward)
    there = rated(session, ward, "onc-k34", "3")
    ward.moved(session, way_back(session, ward, {"onc-k3": ["onc-k34"], "onc-k4": ["onc-k34"]}))
    standings = [ward.standing(session, ward.epa(session, key, ward.old)) for key in ("onc-k3", "onc-k4")]
    assert [row and row.rating_count for row in standings] == [2, 1]
    assert there.level_code == "3"


def test_what_goes_on_for_another_track_only_stays_in_view_where_it_was_earned(
    session: Session, ward: Moving, client_of: Clients
) -> None:
    rated(session, ward, "onc-k1", "4")
    decided(session, ward, "onc-k1", "4", on=TODAY - DAY)
    ward.publish(session, only_for={"onc-k1": "other"})
    ward.enrolment.track = "ward"
    session.flush()
    client = client_of(ward.lead)
    move = ward.prepared(session)
    preview = client.get(f"/moves/{move.id}/enrolments/{ward.enrolment.id}")
    assert "What stays behind" in preview.text
    assert f"/epas/{ward.epa(session, 'onc-k1', ward.old).id}" in " ".join(preview.links())
    ward.moved(session, ward.loaded_move(session, move.id))
    old = ward.epa(session, "onc-k1", ward.old)
    matrix = cohort_matrix(session, ward.cohort.id, on=TODAY)
    cells = dict(zip([epa.epa_id for epa in matrix.columns], matrix.rows[0].cells, strict=True))
    kept = cells[old.id]
    assert kept is not None
    assert (kept.rating_count, kept.level and kept.level.code) == (1, "4")
    page = client_of(ward.trainee).get(f"/enrolments/{ward.enrolment.id}")
    assert f"/enrolments/{ward.enrolment.id}/epas/{old.id}" in page.links()


def test_home_says_of_a_declaration_that_was_overtaken_after_a_move_back_what_the_dossier_says(
    session: Session, ward: Moving
) -> None:
    moved(session, ward)
    decided(session, ward, ward.epa(session, "onc-k1"), "2", on=TODAY + 6 * DAY)
    ward.moved(session, way_back(session, ward, {}))
    ward.enrolment = with_cohort(session, ward.enrolment)
    old = ward.epa(session, "onc-k1", ward.old)
    decided(session, ward, old, "5")
    session.expire_all()
    ward.enrolment = with_cohort(session, ward.enrolment)
    told = {}
    for on in (TODAY + 5 * DAY, TODAY + 6 * DAY):
        lines = lines_of(session, [ward.enrolment], on=on)[ward.enrolment.id]
        at_home = next(one.cell.in_force for one in lines if one.epa.epa_id == old.id)
        guided = guided_lines(session, [ward.enrolment], on=on)[ward.enrolment.id].reached
        dossier = in_force([one.value for one in held_on(session, ward.enrolment, old.id)], on=on)
        (row,) = cohort_matrix(session, ward.cohort.id, on=on).rows
        told[on] = (at_home and at_home.code, dossier and dossier.level.code, guided, row.reached)
    assert told == {TODAY + 5 * DAY: ("5", "5", 1, 1), TODAY + 6 * DAY: (None, None, 0, 0)}


def test_the_calendar_leaves_out_what_is_overtaken_before_its_last_day(session: Session, ward: Moving) -> None:
    moved(session, ward)
    decided(session, ward, ward.epa(session, "onc-k1"), "2", on=TODAY + 6 * DAY)
    ward.moved(session, way_back(session, ward, {}))
    ward.enrolment = with_cohort(session, ward.enrolment)
    first = decided(session, ward, ward.epa(session, "onc-k1", ward.old), "5", valid_until=TODAY + 5 * DAY)
    assert first.id in {one.decision_id for one in expiries_of(session, ward.trainee.id)}
    second = decided(session, ward, ward.epa(session, "onc-k1", ward.old), "5", valid_until=TODAY + 6 * DAY)
    assert second.id not in {one.decision_id for one in expiries_of(session, ward.trainee.id)}
