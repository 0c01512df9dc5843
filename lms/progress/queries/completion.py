"""How far a trainee is with what the diploma asks, from everything that is stored of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from sqlalchemy.orm import Session

from competencies.completion import Completion, StageProgress, completion_of, stage_progress, study_load_of
from competencies.observations import Observation
from competencies.progress import AnyProgress, EpaProgress, Record, epa_progress, judge
from lms.assessments.queries import observations_of
from lms.cohorts.models import Enrolment
from lms.entrustment.queries import records_of
from lms.multisource.counting import with_rounds
from lms.progress.queries.dossier import names_of
from lms.progress.queries.outlines import outlines_of
from lms.progress.values import ProgrammeOutline


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Everything that is asked of the programme as a whole, and how far it is: rules, stages and study load.

    `epas` gives the id of each EPA by its key, `names` those of the people behind what counts.
    """

    completion: Completion
    stages: Sequence[StageProgress]
    study_load: Sequence[AnyProgress]
    epas: Mapping[str, UUID]
    names: Mapping[UUID, str]


def completion_standing(session: Session, enrolment: Enrolment, *, on: date) -> Standing:
    """Return how far the trainee is on a day, in nine to eleven statements besides those for a new outline."""
    outline = outlines_of(session, [enrolment.programme_version_id])[enrolment.programme_version_id]
    of_stages = [one for requirements in outline.of_stages.values() for one in requirements]
    # What a stage asks for is seen on no EPA in particular, but in the whole version.
    asked = {epa.epa_id: epa.requirements for epa in outline.epas} | {enrolment.programme_version_id: of_stages}
    given = observations_of(session, [enrolment.id], roles=True)
    seen = {epa: rows for (_one, epa), rows in with_rounds(session, given, [enrolment.id], asked).items()}
    keys = {epa.epa_id: epa.key for epa in outline.epas}
    file = records_of(session, {enrolment.id: enrolment.track}, keys)[enrolment.id]
    record = replace(file, observations=_once(seen))
    rules = outline.rules
    completion = completion_of(rules, record, outline.plan, progress=_without_levels(outline, seen, record, on), on=on)
    asks_load = any(rule.kind.value == "study_load_completed" for rule in rules)
    load = () if asks_load else study_load_of(outline.plan)
    return Standing(
        completion=completion,
        stages=[
            stage_progress(stage, asked, record, outline.plan, on=on) for stage, asked in outline.of_stages.items()
        ],
        study_load=[judge(one, record, outline.plan, on=on) for one in load],
        epas={epa.key: epa.epa_id for epa in outline.epas},
        names=names_of(session, {one.assessed_by for one in record.observations if one.assessed_by}),
    )


def _once(seen: Mapping[UUID, Sequence[Observation]]) -> tuple[Observation, ...]:
    """Return every observation once: a reflection on two EPAs is one."""
    return tuple({one.id: one for rows in seen.values() for one in rows}.values())


def _without_levels(
    outline: ProgrammeOutline, seen: Mapping[UUID, Sequence[Observation]], record: Record, on: date
) -> Mapping[str, EpaProgress]:
    """Return the progress on the EPAs that have no levels, by key: they count when their requirements are met."""
    return {
        epa.key: epa_progress(
            epa.requirements,
            seen.get(epa.epa_id, ()),
            target=None,
            stage=None,
            on=on,
            record=record,
            plan=outline.plan,
        )
        for epa in outline.epas
        if epa.target is None
    }
