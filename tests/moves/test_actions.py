"""Moving trainees: what counts on, what holds on, what stays, and what the record keeps of it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from uuid import UUID

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from competencies.answers import Answer
from competencies.errors import RuleBroken
from competencies.observations import ActivityKind
from competencies.people import Role
from competencies.versions import EpaMapping, MappingKind, MappingLine, mapping_from
from lms.assessments.actions import submit
from lms.assessments.models import Assessment
from lms.assessments.queries import observations_of, one_visible
from lms.assessments.values import rating_scale, seen_version
from lms.cohorts.models import Cohort, Enrolment, EnrolmentMove, VersionMove
from lms.core.audit import trail_of
from lms.curriculum.actions import load_programme, publish_version, retire_version
from lms.curriculum.models import ProgrammeVersion
from lms.curriculum.schemas.source import Document
from lms.entrustment.models import Recognition
from lms.entrustment.queries import frozen_observations
from lms.moves import queries
from lms.moves.actions import carried_pairs, change_mapping, prepare_move
from lms.operations.chains import Difference
from lms.operations.moves import check_moves
from lms.organisations.permissions import duties_of
from lms.progress.history import differences
from lms.standings.models import CarriedEpa
from tests.competencies.examples import a_requirement
from tests.factories import TODAY
from tests.logbook.activities import log_activity
from tests.moves.examples import LATER, Moving, newer_document, with_cohort
from tests.progress.history import asked_for, decided, rated

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


def answered(session: Session, ward: Moving, asked: Assessment, level: str, on: date = TODAY) -> None:
    scale = rating_scale(asked)
    assert scale is not None
    submit(session, asked, Answer(level=scale.level(level)), seen=seen_version(asked), by=ward.trainer, at=LATER)


def test_a_trainee_stays_on_the_version_of_the_start_until_moved(session: Session, ward: Moving) -> None:
    rated(session, ward, "onc-k3", "4")
    ward.publish(session)
    assert ward.enrolment.programme_version_id == ward.old.id
    done = ward.moved(session)
    enrolment = session.get_one(Enrolment, ward.enrolment.id, populate_existing=True)
    assert (enrolment.programme_version_id, enrolment.move_id) == (ward.new.id, done.id)
    assert session.get_one(Cohort, ward.cohort.id).programme_version_id == ward.old.id


def test_evidence_counts_on_for_what_its_epa_became_and_stays_where_it_was(session: Session, ward: Moving) -> None:
    first = rated(session, ward, "onc-k3", "4", on=TODAY - DAY)
    second = rated(session, ward, "onc-k4", "3")
    split, dropped = rated(session, ward, "onc-k2", "5"), rated(session, ward, "onc-k5", "2")
    ward.publish(session)
    ward.moved(session)
    seen = observations_of(session, [ward.enrolment.id])
    by_epa = {epa_id: {one.id for one in rows} for (_enrolment, epa_id), rows in seen.items()}
    assert by_epa[ward.epa(session, "onc-k34").id] == {first.id, second.id}
    assert by_epa[ward.epa(session, "onc-k2a").id] == by_epa[ward.epa(session, "onc-k2b").id] == {split.id}
    assert by_epa[ward.epa(session, "onc-k5", ward.old).id] == {dropped.id}
    assert ward.epa(session, "onc-k9").id not in by_epa
    merged = seen[ward.enrolment.id, ward.epa(session, "onc-k34").id]
    assert {one.given_on_epa for one in merged} == {
        ward.epa(session, "onc-k3", ward.old).id,
        ward.epa(session, "onc-k4", ward.old).id,
    }
    row = ward.standing(session, ward.epa(session, "onc-k34"))
    assert row is not None
    assert (row.rating_count, row.last_rating_code, row.last_rated_on) == (2, "3", TODAY)
    old = ward.standing(session, ward.epa(session, "onc-k3", ward.old))
    assert old is not None
    assert (old.rating_count, old.is_carried) == (1, True)


def test_a_reflection_on_two_epas_that_were_merged_counts_once(session: Session, ward: Moving) -> None:
    log_activity(session, ward, "onc-k3", "onc-k4", kind=ActivityKind.REFLECTION)
    ward.publish(session)
    ward.moved(session)
    seen = observations_of(session, [ward.enrolment.id], epa_id=ward.epa(session, "onc-k34").id)
    assert [len(rows) for rows in seen.values()] == [1]


def test_what_waits_at_the_move_counts_on_when_it_is_answered(session: Session, ward: Moving) -> None:
    asked = asked_for(session, ward, "onc-k3")
    ward.publish(session)
    ward.moved(session)
    new = ward.epa(session, "onc-k34")
    row = ward.standing(session, new)
    assert row is not None
    assert (row.waiting_count, row.rating_count) == (1, 0)
    answered(session, ward, in_full(session, ward, asked.id), "4")
    row = ward.standing(session, new)
    assert row is not None
    assert (row.waiting_count, row.rating_count, row.last_rating_code) == (0, 1, "4")


def in_full(session: Session, ward: Moving, key: UUID) -> Assessment:
    session.expire_all()
    found = one_visible(session, duties_of(ward.trainee.id, on=TODAY), key)
    assert found is not None
    return found


def test_the_declaration_on_an_epa_that_stayed_holds_on_as_it_stands(session: Session, ward: Moving) -> None:
    made = decided(session, ward, "onc-k1", "4", on=TODAY - DAY, valid_until=TODAY + 90 * DAY)
    ward.publish(session)
    ward.moved(session)
    row = ward.standing(session, ward.epa(session, "onc-k1"))
    assert row is not None
    assert (row.decision_id, row.level_code, row.decided_on, row.valid_until) == (
        made.id,
        "4",
        TODAY - DAY,
        TODAY + 90 * DAY,
    )
    old = ward.standing(session, ward.epa(session, "onc-k1", ward.old))
    assert old is not None
    assert (old.decision_id, old.is_recognised) == (made.id, True)


def test_a_merged_epa_holds_the_least_of_both_and_nothing_when_one_lacks(session: Session, ward: Moving) -> None:
    decided(session, ward, "onc-k3", "5", on=TODAY - 2 * DAY, valid_until=TODAY + 30 * DAY)
    decided(session, ward, "onc-k4", "4", on=TODAY - DAY, valid_until=TODAY + 90 * DAY)
    ward.publish(session)
    done = ward.moved(session)
    row = ward.standing(session, ward.epa(session, "onc-k34"))
    assert row is not None
    assert (row.level_code, row.decided_on, row.valid_until) == ("4", TODAY - DAY, TODAY + 30 * DAY)
    assert len(session.scalars(select(Recognition).where(Recognition.enrolment_move_id == done.id)).all()) == 2


def test_a_declaration_on_one_of_two_merged_epas_does_not_hold_on(session: Session, ward: Moving) -> None:
    decided(session, ward, "onc-k3", "5")
    ward.publish(session)
    ward.moved(session)
    assert ward.standing(session, ward.epa(session, "onc-k34")) is None
    old = ward.standing(session, ward.epa(session, "onc-k3", ward.old))
    assert old is not None
    assert (old.level_code, old.is_recognised) == ("5", False)


def test_a_move_back_is_another_move_and_brings_everything_home(session: Session, ward: Moving) -> None:
    made = decided(session, ward, "onc-k1", "4")
    first = rated(session, ward, "onc-k3", "4", on=TODAY - DAY)
    ward.publish(session)
    ward.moved(session)
    there = rated(session, ward, "onc-k34", "3")
    old_k3 = ward.epa(session, "onc-k3", ward.old)
    ward.moved(session, way_back(session, ward, {"onc-k1": ["onc-k1"], "onc-k3": ["onc-k34"]}))
    seen = observations_of(session, [ward.enrolment.id], epa_id=old_k3.id)
    assert {one.id for rows in seen.values() for one in rows} == {first.id, there.id}
    row = ward.standing(session, ward.epa(session, "onc-k1", ward.old))
    assert row is not None
    assert (row.decision_id, row.is_recognised) == (made.id, False)
    assert session.scalar(select(Enrolment.programme_version_id)) == ward.old.id


def way_back(session: Session, ward: Moving, origins: dict[str, list[str]]) -> VersionMove:
    """Return a move to the old version, where these EPAs come from those of the newer one."""
    return way(session, ward, ward.new, ward.old, origins)


def way(
    session: Session, ward: Moving, since: ProgrammeVersion, until: ProgrammeVersion, origins: dict[str, list[str]]
) -> VersionMove:
    """Return a move from one version to another, where these EPAs come from those."""
    both = queries.both_versions(session, since.id, until.id)
    old, new = ({epa.key: epa.id for epa in side} for side in (both.old, both.new))
    taken = {new[key]: [old[one] for one in sources] for key, sources in origins.items()}
    move = prepare_move(
        session,
        from_version=since,
        to_version=until,
        organisation=ward.organisation,
        mapping=mapping_from(taken, old=both.old, new=both.new),
        versions=both,
        by=ward.lead,
        at=LATER,
    )
    return ward.loaded_move(session, move.id)


def lowered_after_a_merge(session: Session, ward: Moving) -> None:
    """Let two declarations at level 5 become one by a move, and that one be lowered to 2."""
    decided(session, ward, "onc-k3", "5", on=TODAY - 3 * DAY)
    decided(session, ward, "onc-k4", "5", on=TODAY - 2 * DAY)
    ward.publish(session)
    ward.moved(session)
    ward.enrolment = with_cohort(session, ward.enrolment)
    decided(session, ward, "onc-k34", "2")


@pytest.mark.parametrize("origins", [{}, {"onc-k4": ["onc-k34"]}])
def test_no_move_back_revives_a_declaration_that_was_lowered_on_what_its_epa_became(
    session: Session, ward: Moving, origins: dict[str, list[str]]
) -> None:
    lowered_after_a_merge(session, ward)
    code = next(one.code for one in queries.both_versions(session, ward.new.id, ward.old.id).new if one.key == "onc-k3")
    with pytest.raises(RuleBroken, match="move_revives_decision") as refused, session.begin_nested():
        ward.moved(session, way_back(session, ward, origins))
    assert refused.value.facts == {"epa": code, "trainee": ward.trainee.name}
    assert session.get_one(Enrolment, ward.enrolment.id, populate_existing=True).programme_version_id == ward.new.id


def test_no_move_back_revives_a_declaration_that_is_still_to_begin(session: Session, ward: Moving) -> None:
    decided(session, ward, "onc-k1", "5", on=TODAY + 5 * DAY)
    ward.publish(session)
    ward.moved(session)
    ward.enrolment = with_cohort(session, ward.enrolment)
    decided(session, ward, ward.epa(session, "onc-k1"), "2", on=TODAY + 6 * DAY)
    with pytest.raises(RuleBroken, match="move_revives_decision"), session.begin_nested():
        ward.moved(session, way_back(session, ward, {}))
    session.expire_all()
    ward.moved(session, way_back(session, ward, {"onc-k1": ["onc-k1"]}))
    row = ward.standing(session, ward.epa(session, "onc-k1", ward.old))
    assert row is not None
    assert (row.level_code, row.decided_on) == ("2", TODAY + 6 * DAY)


def lowered_on_the_way_to_a_third_version(
    session: Session, ward: Moving, origins: dict[str, list[str]]
) -> ProgrammeVersion:
    """Let a declaration be lowered on the second version, and its trainee go on to a third; return that."""
    decided(session, ward, "onc-k1", "5", on=TODAY - 2 * DAY)
    ward.publish(session)
    ward.moved(session)
    ward.enrolment = with_cohort(session, ward.enrolment)
    decided(session, ward, ward.epa(session, "onc-k1"), "2", on=TODAY - DAY)
    data = newer_document(session)
    data["programme"]["version"] = "2027.2"
    loaded = load_programme(session, Document("third.yaml", data, {}), by=None, at=LATER)
    third = session.get_one(ProgrammeVersion, loaded.version_id)
    ward.moved(session, way(session, ward, ward.new, third, origins))
    ward.enrolment = with_cohort(session, ward.enrolment)
    return third


def test_no_third_move_revives_what_was_lowered_after_the_first(session: Session, ward: Moving) -> None:
    third = lowered_on_the_way_to_a_third_version(session, ward, {})
    with pytest.raises(RuleBroken, match="move_revives_decision"), session.begin_nested():
        ward.moved(session, way(session, ward, third, ward.old, {}))
    session.expire_all()
    ward.moved(session, way(session, ward, third, ward.new, {}))
    ward.moved(session, way_back(session, ward, {"onc-k1": ["onc-k1"]}))
    row = ward.standing(session, ward.epa(session, "onc-k1", ward.old))
    assert row is not None
    assert (row.level_code, row.decided_on) == ("2", TODAY - DAY)


def test_only_the_last_of_what_was_decided_on_the_way_must_come_home(session: Session, ward: Moving) -> None:
    third = lowered_on_the_way_to_a_third_version(session, ward, {"onc-k1": ["onc-k1"]})
    last = decided(session, ward, ward.epa(session, "onc-k1", third), "3")
    ward.moved(session, way(session, ward, third, ward.old, {"onc-k1": ["onc-k1"]}))
    row = ward.standing(session, ward.epa(session, "onc-k1", ward.old))
    assert row is not None
    assert (row.decision_id, row.level_code) == (last.id, "3")


def test_a_lowered_declaration_comes_home_to_every_epa_that_it_is_split_into(session: Session, ward: Moving) -> None:
    lowered_after_a_merge(session, ward)
    ward.moved(session, way_back(session, ward, {"onc-k3": ["onc-k34"], "onc-k4": ["onc-k34"]}))
    for key in ("onc-k3", "onc-k4"):
        row = ward.standing(session, ward.epa(session, key, ward.old))
        assert row is not None
        assert (row.level_code, row.decided_on) == ("2", TODAY)


def test_declarations_that_nobody_decided_on_since_come_home_as_they_were(session: Session, ward: Moving) -> None:
    decided(session, ward, "onc-k3", "5", on=TODAY - 3 * DAY)
    decided(session, ward, "onc-k4", "4", on=TODAY - 2 * DAY)
    ward.publish(session)
    ward.moved(session)
    ward.moved(session, way_back(session, ward, {}))
    row = ward.standing(session, ward.epa(session, "onc-k3", ward.old))
    assert row is not None
    assert (row.level_code, row.decided_on) == ("5", TODAY - 3 * DAY)


def test_what_a_decision_rested_on_says_after_a_move_back_what_its_assessors_were(
    session: Session, ward: Moving
) -> None:
    seen = rated(session, ward, "onc-k3", "4")
    ward.publish(session)
    ward.moved(session)
    ward.enrolment = with_cohort(session, ward.enrolment)
    made = decided(session, ward, "onc-k34", "3")
    ward.moved(session, way_back(session, ward, {"onc-k3": ["onc-k34"]}))
    session.refresh(made, ["evidence"])
    asked = iter([a_requirement(assessor_roles={Role.TRAINER: 1})])
    found = frozen_observations(session, made, asked=asked)
    assert [(one.id, one.assessor_roles) for one in found] == [(seen.id, frozenset({Role.TRAINER}))]


def test_nobody_moves_to_a_version_before_the_day_from_which_it_counts(session: Session, ward: Moving) -> None:
    ward.publish(session)
    reviewer = ward.lead.id
    publish_version(session, ward.new, effective_on=TODAY + DAY, note="", reviewed_by=reviewer, by=ward.lead, at=LATER)
    with pytest.raises(RuleBroken, match="version_not_yet_effective") as refused:
        ward.moved(session)
    assert refused.value.facts == {"version": "2027.1", "effective_on": TODAY + DAY}
    move = session.scalars(select(VersionMove)).one()
    ward.moved(session, ward.loaded_move(session, move.id), at=LATER + DAY)


def test_no_cohort_starts_on_a_retired_version_but_a_trainee_can_move_to_it(session: Session, ward: Moving) -> None:
    ward.publish(session)
    retire_version(session, ward.new, retired_on=TODAY, reason="Never used.", by=ward.lead, at=LATER)
    with pytest.raises(RuleBroken, match="version_retired"), session.begin_nested():
        ward.moved(session, None, cohorts=[ward.cohort])
    session.expire_all()
    assert session.get_one(Cohort, ward.cohort.id).programme_version_id == ward.old.id
    assert ward.moved(session).to_version_id == ward.new.id


def test_what_was_carried_once_is_carried_on(session: Session) -> None:
    a, b, c = (UUID(int=number) for number in (1, 2, 3))
    mapping = EpaMapping((MappingLine(MappingKind.SAME, (b,), (c,)),))
    assert carried_pairs(mapping, [(a, b)]) == {(a, c), (b, c)}
    assert carried_pairs(mapping, [(c, b)]) == {(b, c)}


def test_a_move_needs_a_reason(session: Session, ward: Moving) -> None:
    ward.publish(session)
    with pytest.raises(RuleBroken, match="move_reason_missing"):
        ward.moved(session, reason=" ")


def test_who_follows_another_version_or_has_ended_is_not_among_those_who_can_move(
    session: Session, ward: Moving
) -> None:
    ward.publish(session)
    move = ward.prepared(session)
    assert [one.id for one in queries.followers(session, move, by=ward.lead.id).rows] == [ward.enrolment.id]
    assert queries.followers(session, move, by=ward.trainee.id).rows == []
    ward.moved(session, move)
    assert queries.count_followers(session, move, by=ward.lead.id) == 0


def test_a_move_is_on_record_for_its_trainee_with_reason_and_versions(session: Session, ward: Moving) -> None:
    ward.publish(session)
    done = ward.moved(session)
    entry = trail_of(session, subject=ward.trainee.id, target=ward.enrolment.id)[-1]
    assert (entry.action, entry.actor_id) == ("enrolment.moved", ward.lead.id)
    assert entry.facts["before"] == {"programme_version": ward.old.version}
    assert entry.facts["after"]["programme_version"] == "2027.1"
    assert entry.facts["after"]["reason"] == done.reason == "The old version ends this year."


def test_new_trainees_of_the_cohort_start_on_the_new_version_when_asked(session: Session, ward: Moving) -> None:
    ward.publish(session)
    ward.moved(session, None, cohorts=[ward.cohort])
    assert ward.cohort.programme_version_id == ward.new.id
    assert trail_of(session, subject=ward.cohort.id)[-1].facts["after"] == {"programme_version": "2027.1"}


def test_a_mapping_changes_until_somebody_was_moved_by_it(session: Session, ward: Moving) -> None:
    ward.publish(session)
    move = ward.prepared(session)
    versions = queries.both_versions(session, ward.old.id, ward.new.id)
    simple = mapping_from({}, old=versions.old, new=versions.new)
    change_mapping(session, move, simple, versions=versions, version=move.version, by=ward.lead, at=LATER)
    assert {line["kind"] for line in move.mapping} == {"new", "dropped"}
    with pytest.raises(StaleDataError):
        change_mapping(session, move, simple, versions=versions, version=move.version - 1, by=ward.lead, at=LATER)
    ward.moved(session, ward.loaded_move(session, move.id))
    with pytest.raises(StaleDataError):
        change_mapping(session, move, simple, versions=versions, version=move.version, by=ward.lead, at=LATER)


def test_who_saw_an_older_mapping_moves_nobody(session: Session, ward: Moving) -> None:
    ward.publish(session)
    move = ward.prepared(session)
    with pytest.raises(StaleDataError):
        ward.moved(session, move, version=move.version + 1)
    assert session.scalars(select(EnrolmentMove)).all() == []


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE enrolment_moves SET reason = 'Another'",
        "DELETE FROM recognitions",
        "UPDATE version_moves SET mapping = '[]'",
        "DELETE FROM version_moves",
    ],
)
def test_the_database_refuses_to_change_what_was_moved(session: Session, ward: Moving, statement: str) -> None:
    decided(session, ward, "onc-k1", "4")
    ward.publish(session)
    ward.moved(session)
    with pytest.raises(DBAPIError, match="append-only"), session.begin_nested():
        session.execute(text(statement))


def test_a_split_loses_no_decision_and_a_dropped_epa_keeps_its_own(session: Session, ward: Moving) -> None:
    split, dropped = decided(session, ward, "onc-k2", "4"), decided(session, ward, "onc-k5", "4")
    ward.publish(session)
    ward.moved(session)
    for key in ("onc-k2a", "onc-k2b"):
        row = ward.standing(session, ward.epa(session, key))
        assert row is not None
        assert row.decision_id == split.id
    kept = ward.standing(session, ward.epa(session, "onc-k5", ward.old))
    assert kept is not None
    assert (kept.decision_id, kept.is_carried, kept.is_recognised) == (dropped.id, False, False)
    assert session.scalars(select(CarriedEpa.from_epa_id).distinct()).all()
    assert session.scalar(select(VersionMove.used_at)) == LATER


def first_difference(session: Session) -> str | None:
    """Return what `bekwaam check` says of the moves; nothing when all is right."""
    try:
        check_moves(session.connection(), lambda _more: None)
    except Difference as found:
        return str(found)
    return None


@pytest.mark.parametrize(
    ("tampering", "said"),
    [
        (None, None),
        ("UPDATE enrolments SET move_id = NULL", "is not the last one"),
        ("UPDATE enrolments SET programme_version_id = '{old}'", "another version is followed"),
        ("DELETE FROM carried_epas WHERE from_epa_id = '{k3}'", "carries other EPAs"),
        ("UPDATE audit_entries SET facts = '{{}}' WHERE action = 'enrolment.moved'", "is not what the audit record"),
        ("UPDATE recognitions SET level_rank = 9", "recognised more than was decided"),
        ("UPDATE recognitions SET valid_until = NULL", "recognised more than was decided"),
    ],
)
def test_the_check_finds_a_move_that_is_not_as_it_was_made(
    session: Session, ward: Moving, tampering: str | None, said: str | None
) -> None:
    decided(session, ward, "onc-k1", "4", valid_until=TODAY + 90 * DAY)
    ward.publish(session)
    ward.moved(session)
    facts = {"old": ward.old.id, "k3": ward.epa(session, "onc-k3", ward.old).id}
    point = session.begin_nested()
    if tampering:
        for table in ("audit_entries", "recognitions"):
            session.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER USER"))
        session.execute(text(tampering.format(**facts)))
    found = first_difference(session)
    point.rollback()
    assert said in found if said and found else found == said


K1 = "epa_id = '{k1}'"
RANK = "SELECT rank FROM scale_levels l WHERE l.scale_id = recognitions.scale_id AND l.code = '3'"
COPIED = "decision_id, enrolment_id, scale_id, level_code, level_rank, decided_on, valid_until, recorded_at"


@pytest.mark.parametrize(
    "tampering",
    [
        f"UPDATE recognitions SET level_code = '3', level_rank = ({RANK}) WHERE {K1}",
        f"UPDATE recognitions SET level_rank = level_rank - 1 WHERE {K1}",
        f"UPDATE recognitions SET decided_on = decided_on + 1 WHERE {K1}",
        f"UPDATE recognitions SET valid_until = valid_until - 1 WHERE {K1}",
        f"UPDATE recognitions SET recorded_at = recorded_at + interval '1 hour' WHERE {K1}",
        f"UPDATE recognitions SET epa_id = '{{k9}}' WHERE {K1}",
        f"DELETE FROM recognitions WHERE {K1}",
        f"INSERT INTO recognitions SELECT enrolment_move_id, '{{k9}}', {COPIED} FROM recognitions WHERE {K1}",
    ],
)
def test_the_check_names_the_one_recognition_that_was_tampered_with(
    session: Session, ward: Moving, tampering: str
) -> None:
    made = decided(session, ward, "onc-k1", "4", valid_until=TODAY + 90 * DAY)
    decided(session, ward, "onc-k2", "4")
    ward.publish(session)
    ward.moved(session)
    facts = {"k1": ward.epa(session, "onc-k1").id, "k9": ward.epa(session, "onc-k9").id}
    point = session.begin_nested()
    session.execute(text("ALTER TABLE recognitions DISABLE TRIGGER USER"))
    session.execute(text(tampering.format(**facts)))
    found = first_difference(session)
    point.rollback()
    assert found is not None
    assert str(made.id) in found
    assert "onc-k1" in found or "onc-k9" in found


def with_counts_only(session: Session, *, carried: int, recognised: int) -> str | None:
    """Return what the check says of an entry that holds numbers, as entries did at first."""
    point = session.begin_nested()
    session.execute(text("ALTER TABLE audit_entries DISABLE TRIGGER USER"))
    facts = f"{{after,carried_epas}}', '{carried}'), '{{after,recognised}}', '{recognised}'"
    session.execute(
        text(
            f"UPDATE audit_entries SET facts = jsonb_set(jsonb_set(facts::jsonb, '{facts})::json"
            " WHERE action = 'enrolment.moved'"
        )
    )
    found = first_difference(session)
    point.rollback()
    return found


def test_a_move_that_is_on_record_by_its_numbers_only_is_proven_by_them(session: Session, ward: Moving) -> None:
    decided(session, ward, "onc-k1", "4", valid_until=TODAY + 90 * DAY)
    decided(session, ward, "onc-k2", "4")
    ward.publish(session)
    carried = len(ward.moved(session).carried)
    assert with_counts_only(session, carried=carried, recognised=3) is None
    assert with_counts_only(session, carried=carried, recognised=2) is not None
    assert with_counts_only(session, carried=carried + 1, recognised=3) is not None


def test_whose_evidence_counts_for_whom_is_proven_by_the_record(session: Session, ward: Moving) -> None:
    ward.publish(session)
    ward.moved(session)
    point = session.begin_nested()
    session.execute(text("ALTER TABLE enrolment_moves DISABLE TRIGGER USER"))
    session.execute(text("UPDATE enrolment_moves SET carried = '[]'"))
    session.execute(text("DELETE FROM carried_epas"))
    found = first_difference(session)
    point.rollback()
    assert found is not None
    assert "is not what the audit record says" in found
