"""Whether the database is what it says it is: the audit record, the standings, the decisions, the assessments.

Each check names the first difference. All of them see the database as it was at one moment, while others go on writing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, Engine, RowMapping, Select, case, exists, func, or_, select
from sqlalchemy.orm import Session

from competencies.observations import AssessmentStatus
from lms.accounts.models import User
from lms.assessments.models import Assessment
from lms.attainments.models import AttainmentRow, AttainmentStep
from lms.cohorts.models import Enrolment
from lms.core.audit import AuditEntry, AuditSealHead, record
from lms.curriculum.models import Epa
from lms.entrustment.models import Decision, DecisionEvidence
from lms.logbook.models import Activity
from lms.multisource.models import FeedbackRound
from lms.operations.chains import Advance, Difference, check_chains, check_seals
from lms.operations.corrections import CORRECTIONS, check_corrections
from lms.operations.files import FILES, check_sample
from lms.operations.moves import MOVES, check_moves
from lms.operations.privacy import PRIVACY, check_privacy
from lms.operations.recorded import (
    answer_is_on_record,
    attainment_is_on_record,
    decision_is_on_record,
    disowning_is_on_record,
    step_is_on_record,
)
from lms.progress import history
from lms.standings.models import Standing


class Check(NamedTuple):
    """A check: what it is about, how many rows it looks at, and the work, which raises the first `Difference`."""

    name: str
    rows: Select[int]
    run: Callable[[Connection, Advance], None]


@contextmanager
def one_moment(engine: Engine) -> Iterator[Connection]:
    """Give a connection that sees the database as it was at one moment and cannot write."""
    with engine.connect() as connection:
        frozen = connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        with frozen.begin():
            yield frozen


def check_standings(connection: Connection, advance: Advance) -> None:
    """Compare every stored standing with what the history gives; raise the first `Difference`."""
    wrong = history.differences().limit(1).cte("wrong")
    named = (
        select(wrong, User.name.label("trainee"), Epa.key.label("epa"))
        .join(Enrolment, Enrolment.id == wrong.c.enrolment_id)
        .join(User, User.id == Enrolment.trainee_id)
        .join(Epa, Epa.id == wrong.c.epa_id)
    )
    found = connection.execute(named).mappings().one_or_none()
    if found is not None:
        raise Difference(_difference_in(found))
    advance(connection.execute(STANDINGS).scalar_one())


def _difference_in(facts: RowMapping) -> str:
    column = next(name for name in history.COLUMNS if facts[f"stored_{name}"] != facts[f"history_{name}"])
    stored, meant = (facts[f"{side}_{column}"] for side in ("stored", "history"))
    return (
        f"The standing of {facts['trainee']} on EPA {facts['epa']} (enrolment {facts['enrolment_id']}) has "
        f"{_said(stored)} as {column}, but the history says {_said(meant)}; "
        "'bekwaam check --rebuild-standings' puts the standings right."
    )


def _said(value: object) -> str:
    return "nothing" if value is None else str(value)


def check_decisions(connection: Connection, advance: Advance) -> None:
    """Find every decision's trainee, predecessor and evidence where they must be; raise the first `Difference`."""
    found = connection.execute(_wrong_decisions().limit(1)).one_or_none()
    if found is not None:
        raise Difference(f"Decision {found.id} (enrolment {found.enrolment_id}, EPA {found.epa}) {found.wrong}.")
    advance(connection.execute(DECISIONS).scalar_one())


def _wrong_decisions() -> Select[*tuple[Any, ...]]:
    """Return the decisions that cannot have been taken by our rules, each with what is wrong."""
    before = func.lag(Decision.id).over(
        partition_by=[Decision.enrolment_id, Decision.epa_id],
        order_by=[Decision.decided_on, Decision.recorded_at, Decision.id],
    )
    observed = or_(
        exists().where(Assessment.id == DecisionEvidence.observation_id),
        exists().where(Activity.id == DecisionEvidence.observation_id),
        exists().where(FeedbackRound.id == DecisionEvidence.observation_id, FeedbackRound.closed_at.is_not(None)),
    )
    unfounded = exists().where(DecisionEvidence.decision_id == Decision.id, ~observed)
    wrong = case(
        (Enrolment.trainee_id != Decision.trainee_id, "is about another trainee than its enrolment"),
        (before.is_distinct_from(Decision.supersedes_id), "does not supersede the one before it"),
        (unfounded, "rests on an observation that is not there"),
        (~decision_is_on_record(), "is not what the audit record says was decided"),
    )
    judged = (
        select(Decision.id, Decision.enrolment_id, Epa.key.label("epa"), wrong.label("wrong"))
        .join(Enrolment, Enrolment.id == Decision.enrolment_id)
        .join(Epa, Epa.id == Decision.epa_id)
        .subquery()
    )
    return select(judged).where(judged.c.wrong.is_not(None)).order_by(judged.c.id)


def check_assessments(connection: Connection, advance: Advance) -> None:
    """Find every given assessment on record as it stands; raise the first `Difference`."""
    unrecorded = (
        select(Assessment.id, Assessment.enrolment_id)
        .join(Activity, Activity.id == Assessment.activity_id)
        .where(
            or_(
                Assessment.status.in_(ANSWERED) & ~answer_is_on_record(),
                (Assessment.status == AssessmentStatus.DISOWNED) & ~disowning_is_on_record(),
            )
        )
    )
    found = connection.execute(unrecorded.limit(1)).one_or_none()
    if found is not None:
        raise Difference(
            f"Assessment {found.id} (enrolment {found.enrolment_id}) is not what the audit record says was given."
        )
    advance(connection.execute(GIVEN).scalar_one())


def check_attainments(connection: Connection, advance: Advance) -> None:
    """Find every attainment and each step with it on record as they stand; raise the first `Difference`."""
    unrecorded = select(AttainmentRow.id, AttainmentRow.enrolment_id).where(
        or_(
            ~attainment_is_on_record(),
            exists().where(AttainmentStep.attainment_id == AttainmentRow.id, ~step_is_on_record()),
        )
    )
    found = connection.execute(unrecorded.limit(1)).one_or_none()
    if found is not None:
        raise Difference(
            f"Attainment {found.id} (enrolment {found.enrolment_id}) is not what the audit record says was recorded."
        )
    advance(connection.execute(ATTAINED).scalar_one())


ATTAINED: Select[int] = select(func.count()).select_from(AttainmentRow)
ANSWERED = (AssessmentStatus.SUBMITTED, AssessmentStatus.DISOWNED)
GIVEN: Select[int] = select(func.count()).where(Assessment.status.in_(ANSWERED))
STANDINGS: Select[int] = select(func.count()).select_from(Standing)
DECISIONS: Select[int] = select(func.count()).select_from(Decision)
CHECKS = (
    Check("Audit chains", select(func.count()).select_from(AuditEntry), check_chains),
    Check("Audit seals", select(func.count()).select_from(AuditSealHead), check_seals),
    Check("Current standings", STANDINGS, check_standings),
    Check("Decisions", DECISIONS, check_decisions),
    Check("Given assessments", GIVEN, check_assessments),
    Check("Corrected activities", CORRECTIONS, check_corrections),
    Check("Moves between versions", MOVES, check_moves),
    Check("Attainments", ATTAINED, check_attainments),
    Check("Files", FILES, check_sample),
    Check("Private reflections", PRIVACY, check_privacy),
)


def rebuild_standings(session: Session, *, at: datetime) -> int:
    """Make every standing that of the history, note each change in its trainee's chain, and return how many there were.

    Who assesses or decides meanwhile waits for the transaction to end.
    """
    wrong = history.rebuild(session)
    trainees = dict(session.execute(select(Enrolment.id, Enrolment.trainee_id)).all()) if wrong else {}
    for facts in sorted(wrong, key=lambda one: trainees[one["enrolment_id"]]):
        record(
            session,
            "standing.rebuilt",
            subject=trainees[facts["enrolment_id"]],
            by=None,
            at=at,
            target=facts["enrolment_id"],
            before=_changed(facts, "stored"),
            after=_changed(facts, "history") | {"epa": facts["epa_id"]},
        )
    return len(wrong)


def _changed(facts: RowMapping, side: str) -> dict[str, object]:
    """Return the columns that differ, as one side has them."""
    return {
        name: facts[f"{side}_{name}"] for name in history.COLUMNS if facts[f"stored_{name}"] != facts[f"history_{name}"]
    }
