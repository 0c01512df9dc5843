"""Taking decisions: the rules, what is written, and that it stays as it was written."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import delete, insert, select, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from competencies.entrustment import LONGEST_AHEAD
from competencies.errors import RuleBroken
from competencies.observations import ActivityKind
from competencies.people import EndReason
from lms.accounts.models import User
from lms.core.audit import trail_of
from lms.entrustment import actions, queries
from lms.entrustment.models import Decision, DecisionEvidence
from lms.entrustment.values import Declaration
from lms.logbook.models import Activity
from lms.organisations.actions import record_accreditation
from lms.standings.models import Standing
from tests.entrustment.examples import EARLIER, Laboratory, declaration
from tests.factories import NOW, START, TODAY, epa_of

DAY = timedelta(days=1)


@pytest.fixture
def ward(session: Session) -> Laboratory:
    return Laboratory(session)


@contextmanager
def refused(code: str) -> Iterator[None]:
    with pytest.raises(RuleBroken) as raised:
        yield
    assert raised.value.code == code


def decide(session: Session, ward: Laboratory, declared: Declaration, *, by: User | None = None) -> Decision:
    return actions.decide(
        session, ward.loaded(session), ward.offered(session), declared, by=by or ward.committee_member, at=NOW
    )


def test_a_decision_is_written_with_its_evidence_its_standing_and_its_audit_entry(
    session: Session, ward: Laboratory
) -> None:
    given = ward.meet_the_requirements(session, ward.trainer, ward.second_trainer)
    below = ward.observe(session, "osats", ward.trainer, level="3")
    until = TODAY + 365 * DAY
    made = decide(session, ward, declaration(valid_until=until, remark=" Calm. "))
    assert (made.level_code, made.decided_on, made.valid_until, made.remark) == ("4", TODAY, until, "Calm.")
    assert (made.requirements_met, made.overrule_reason, made.supersedes_id) == (True, "", None)
    frozen = session.scalars(select(DecisionEvidence).where(DecisionEvidence.decision_id == made.id)).all()
    assert {one.observation_id for one in frozen} == {one.id for one in given}
    assert below.id not in {one.observation_id for one in frozen}
    standing = session.get_one(Standing, (ward.enrolment.id, ward.epa.id))
    assert (standing.decision_id, standing.level_code, standing.valid_until) == (made.id, "4", until)
    (entry,) = trail_of(session, subject=ward.trainee.id, target=made.id)
    assert (entry.action, entry.actor_id, entry.at) == ("decision.taken", ward.committee_member.id, NOW)
    after = entry.facts["after"]
    assert (after["level"], after["evidence"], after["requirements_met"]) == ("4", 4, True)
    assert "before" not in entry.facts


def test_a_second_decision_supersedes_the_first(session: Session, ward: Laboratory) -> None:
    ward.meet_the_requirements(session, ward.trainer, ward.second_trainer)
    first = decide(session, ward, declaration(level="3"))
    second = decide(session, ward, declaration(level="4", supersedes=first.id))
    assert second.supersedes_id == first.id
    assert queries.last_of(session, ward.enrolment.id, ward.epa.id) is second
    assert [one.id for one in queries.decisions_of(session, ward.enrolment.id, ward.epa.id)] == [second.id, first.id]
    (entry,) = trail_of(session, subject=ward.trainee.id, target=second.id)
    assert entry.facts["before"] == {"decision": str(first.id), "level": "3", "decided_on": str(TODAY)}
    assert session.get_one(Standing, (ward.enrolment.id, ward.epa.id)).decision_id == second.id


@pytest.mark.parametrize("seen", [None, uuid4()])
def test_who_saw_another_decision_than_the_last_is_refused(
    session: Session, ward: Laboratory, seen: UUID | None
) -> None:
    ward.meet_the_requirements(session, ward.trainer, ward.second_trainer)
    decide(session, ward, declaration())
    with refused("decided_meanwhile"):
        decide(session, ward, declaration(supersedes=seen))


def test_who_saw_a_decision_that_is_not_there_is_refused(session: Session, ward: Laboratory) -> None:
    with refused("decided_meanwhile"):
        decide(session, ward, declaration(supersedes=uuid4()))


@pytest.mark.parametrize("who", ["lead", "administrator", "auditor"])
def test_who_may_not_decide_is_refused(session: Session, ward: Laboratory, who: str) -> None:
    with refused("decider_not_allowed"):
        decide(session, ward, declaration(), by=getattr(ward, who))


def test_the_trainee_does_not_decide(session: Session, ward: Laboratory) -> None:
    with refused("own_decision"):
        decide(session, ward, declaration(), by=ward.trainee)


def test_the_only_assessor_does_not_decide_alone(session: Session, ward: Laboratory) -> None:
    ward.meet_the_requirements(session, ward.trainer)
    with refused("four_eyes"):
        decide(session, ward, declaration(), by=ward.trainer)
    assert decide(session, ward, declaration(), by=ward.second_trainer).requirements_met


def test_one_of_two_assessors_decides(session: Session, ward: Laboratory) -> None:
    ward.meet_the_requirements(session, ward.trainer, ward.second_trainer)
    assert decide(session, ward, declaration(), by=ward.trainer).decided_by_id == ward.trainer.id


def test_unmet_requirements_ask_for_a_reason_that_is_kept(session: Session, ward: Laboratory) -> None:
    seen = ward.observe(session, "osats", ward.trainer, level="4")
    with refused("requirements_unmet"):
        decide(session, ward, declaration(overrule_reason="  "))
    made = decide(session, ward, declaration(overrule_reason="Ten years of practice elsewhere."))
    assert (made.requirements_met, made.overrule_reason) == (False, "Ten years of practice elsewhere.")
    session.refresh(made, ["evidence"])
    assert [one.observation_id for one in made.evidence] == [seen.id]


def test_a_level_above_the_one_asked_needs_a_reason(session: Session, ward: Laboratory) -> None:
    ward.meet_the_requirements(session, ward.trainer, ward.second_trainer)
    with refused("level_above_target"):
        decide(session, ward, declaration(level="5"))
    made = decide(session, ward, declaration(level="5", overrule_reason="Teaches it."))
    assert (made.level_code, made.requirements_met) == ("5", True)


def test_a_level_of_no_scale_is_refused(session: Session, ward: Laboratory) -> None:
    with refused("level_unknown"):
        decide(session, ward, declaration(level="9"))


def test_a_decision_takes_effect_within_the_enrolment(session: Session, ward: Laboratory) -> None:
    ward.meet_the_requirements(session, ward.trainer, ward.second_trainer)
    with refused("decided_before_enrolment"):
        decide(session, ward, declaration(decided_on=START - DAY))
    ward.enrolment.ended_on, ward.enrolment.end_reason = TODAY - DAY, EndReason.COMPLETED
    session.flush()
    with refused("decided_after_enrolment"):
        decide(session, ward, declaration())
    assert decide(session, ward, declaration(decided_on=TODAY - DAY)).decided_on == TODAY - DAY


def test_a_decision_takes_effect_at_most_a_month_ahead(session: Session, ward: Laboratory) -> None:
    ward.meet_the_requirements(session, ward.trainer, ward.second_trainer)
    with refused("decided_in_future"):
        decide(session, ward, declaration(decided_on=TODAY + LONGEST_AHEAD + DAY))
    assert decide(session, ward, declaration(decided_on=TODAY + LONGEST_AHEAD)).decided_on > TODAY


def test_a_decision_does_not_take_effect_before_the_one_it_supersedes(session: Session, ward: Laboratory) -> None:
    ward.meet_the_requirements(session, ward.trainer, ward.second_trainer)
    first = decide(session, ward, declaration())
    with refused("decided_before_last"):
        decide(session, ward, declaration(decided_on=TODAY - DAY, supersedes=first.id))


def test_what_was_seen_after_the_day_of_the_decision_does_not_count(session: Session, ward: Laboratory) -> None:
    ward.meet_the_requirements(session, ward.trainer, ward.second_trainer)
    with refused("requirements_unmet"):
        decide(session, ward, declaration(decided_on=EARLIER - DAY))


def test_the_scope_must_follow_the_rules_of_the_epa(session: Session) -> None:
    ward = Laboratory(session)
    nurses = epa_of(session, "onc-k2")
    ward.put_among_nurses(session)
    offered = ward.offered(session, nurses)
    group = nurses.scope[0]["key"]

    def declare(*options: str) -> Decision:
        declared = declaration(scope={group: options}, overrule_reason="Seen elsewhere.")
        enrolment = ward.loaded(session)
        return actions.decide(session, enrolment, offered, declared, by=ward.committee_member, at=NOW)

    with refused("scope_too_few"):
        declare()
    with refused("scope_total_too_low"):
        declare("surgery")
    with refused("scope_unknown_option"):
        declare("prayer")
    made = declare("surgery", "chemotherapy")
    assert made.scope == {group: ["chemotherapy", "surgery"]}


def nurse_decides(session: Session, ward: Laboratory, key: str, *options: str, on: date = TODAY) -> Decision:
    """Decide on that EPA of oncology nurses for these options."""
    nurses = epa_of(session, key)
    ward.put_among_nurses(session)
    scope = {nurses.scope[0]["key"]: options}
    declared = declaration(scope=scope, overrule_reason="Seen elsewhere.", decided_on=on)
    offered = ward.offered(session, nurses)
    return actions.decide(session, ward.loaded(session), offered, declared, by=ward.committee_member, at=NOW)


def test_an_option_of_another_epa_is_refused_and_that_epa_is_named(session: Session, ward: Laboratory) -> None:
    with pytest.raises(RuleBroken) as broken:
        nurse_decides(session, ward, "onc-k2", "stem_cell_transplant_haematological", "chemotherapy")
    assert broken.value.code == "scope_option_elsewhere"
    assert broken.value.facts["epa"] == epa_of(session, "onc-s1").title


@pytest.mark.parametrize(
    ("since", "until", "accepted"),
    [
        (TODAY - DAY, None, True),
        (TODAY - DAY, TODAY, True),
        (TODAY + DAY, None, False),
        (TODAY - 9 * DAY, TODAY - DAY, False),
        (None, None, False),
    ],
    ids=["open", "its last day", "not yet", "no more", "never"],
)
@pytest.mark.parametrize("whole", [True, False], ids=["organisation", "department"])
def test_an_option_that_needs_an_accredited_place_needs_it_on_the_day_of_the_decision(
    session: Session, ward: Laboratory, whole: bool, since: date | None, until: date | None, accepted: bool
) -> None:
    if since:
        record_accreditation(
            session,
            ward.organisation,
            None if whole else ward.department,
            attribute="transplant_accreditation",
            proof="JACIE 1",
            since=since,
            until=until,
            by=ward.administrator,
            at=NOW,
        )
    if accepted:
        made = nurse_decides(session, ward, "onc-s1", "stem_cell_transplant_haematological")
        assert made.scope == {"condition": ["stem_cell_transplant_haematological"]}
    else:
        with refused("scope_site_lacks"):
            nurse_decides(session, ward, "onc-s1", "stem_cell_transplant_haematological")


def test_an_accreditation_that_begins_with_a_later_decision_is_enough_for_it(
    session: Session, ward: Laboratory
) -> None:
    record_accreditation(
        session,
        ward.organisation,
        None,
        attribute="transplant_accreditation",
        proof="JACIE 1",
        since=TODAY + DAY,
        until=None,
        by=ward.administrator,
        at=NOW,
    )
    assert nurse_decides(session, ward, "onc-s1", "stem_cell_transplant_haematological", on=TODAY + DAY).scope


def test_a_reflection_that_counted_stays_as_it_was(session: Session) -> None:
    ward = Laboratory(session)
    ward.epa = epa_of(session, "fl-b1")
    written = ward.log(session, ActivityKind.REFLECTION)
    made = decide(session, ward, declaration(overrule_reason="Enough."))
    session.refresh(made, ["evidence"])
    assert [one.observation_id for one in made.evidence] == [written.id]
    assert session.scalars(select(Activity.rated_at).where(Activity.id == written.id)).one() == NOW


@pytest.mark.parametrize("table", [Decision, DecisionEvidence])
def test_the_database_refuses_to_change_or_remove_what_was_decided(
    session: Session, ward: Laboratory, table: type[Decision | DecisionEvidence]
) -> None:
    ward.meet_the_requirements(session, ward.trainer, ward.second_trainer)
    made = decide(session, ward, declaration())
    changes = {Decision: {"remark": "else"}, DecisionEvidence: {"instrument_key": "kpb"}}[table]
    for statement in (update(table).values(changes), delete(table)):
        with session.begin_nested() as attempt:
            with pytest.raises(DBAPIError, match="append-only"):
                session.execute(statement)
            attempt.rollback()
    assert queries.last_of(session, ward.enrolment.id, ward.epa.id) is made


def test_the_database_refuses_two_decisions_on_one_predecessor(session: Session, ward: Laboratory) -> None:
    ward.meet_the_requirements(session, ward.trainer, ward.second_trainer)
    first = decide(session, ward, declaration())
    decide(session, ward, declaration(supersedes=first.id))
    for predecessor in (first.id, None):
        values = copied(first, predecessor)
        with session.begin_nested() as attempt:
            with pytest.raises(DBAPIError, match="uq_decisions"):
                session.execute(insert(Decision).values(values))
            attempt.rollback()


def copied(decision: Decision, supersedes: UUID | None) -> dict[str, object]:
    """Return the values of the same decision again, with another predecessor."""
    values = {column.key: getattr(decision, column.key) for column in Decision.__table__.columns}
    return values | {"id": uuid4(), "supersedes_id": supersedes}
