"""The programmes as histories are simulated in them: each EPA with what it takes, worked out once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from competencies.curricula import EPA_SCALE, ExpectedLevel, ResultKind, stage_for
from competencies.observations import ActivityKind
from competencies.plans import Plan
from competencies.requirements import AnyRequirement, Requirement, observed_in
from competencies.scales import Level
from lms.cohorts.values import tracks_of
from lms.curriculum import queries
from lms.curriculum.models import AssessmentInstrument, ProgrammeVersion, RatingScale
from lms.curriculum.queries import planned
from lms.curriculum.requirements import requirements_of
from lms.curriculum.values import ProgrammeEpa, scale_of
from lms.demo.chance import as_key

KINDS = {
    "kpb": ActivityKind.PATIENT_CONTACT,
    "osats": ActivityKind.PROCEDURE,
    "cbd": ActivityKind.CASE_DISCUSSION,
    "ebd": ActivityKind.CASE_DISCUSSION,
    "msf": ActivityKind.FEEDBACK_ROUND,
    "patient_feedback": ActivityKind.FEEDBACK_ROUND,
    "learner_feedback": ActivityKind.FEEDBACK_ROUND,
    "reflection": ActivityKind.REFLECTION,
    "logbook": ActivityKind.PROCEDURE,
    "knowledge_test": ActivityKind.COURSE,
    "simulation": ActivityKind.SIMULATION,
    "practical_test": ActivityKind.PROCEDURE,
    "product": ActivityKind.PROJECT,
    "presentation": ActivityKind.PROJECT,
    "project": ActivityKind.PROJECT,
}
"""What a trainee logs to have it assessed with an instrument."""


@dataclass(frozen=True, slots=True)
class Need:
    """A requirement with the kind of activity that serves it and the scale that its ratings are on."""

    requirement: Requirement
    kind: ActivityKind
    scale_id: UUID | None
    levels: tuple[Level, ...]
    on_epa_scale: bool


@dataclass(frozen=True, slots=True)
class Part:
    """An EPA in one programme version."""

    key: str
    epa_id: UUID
    tracks: frozenset[str]
    scale_id: UUID | None
    levels: tuple[Level, ...]
    expected: tuple[ExpectedLevel, ...]
    target: Level | None
    requirements: tuple[AnyRequirement, ...]
    needs: tuple[Need, ...]
    validity_months: int | None
    scope: Mapping[str, list[str]]


@dataclass(frozen=True, slots=True)
class Course:
    """A programme version in which trainees are enrolled."""

    key: str
    version: ProgrammeVersion
    tracks: tuple[str, ...]
    parts: tuple[Part, ...]
    plan: Plan

    def parts_for(self, track: str | None) -> list[Part]:
        """Return what a trainee on that track works at."""
        return [part for part in self.parts if not part.tracks or track in part.tracks]


def courses(session: Session) -> dict[str, Course]:
    """Return the newest version of every programme, by key."""
    versions = queries.programmes(session)
    epas = queries.epas_of_versions(session, [version.id for version in versions])
    known = queries.instruments(session)
    scales = {key: scale for key in {one.scale_key for one in known.values()} if (scale := _latest(session, key))}
    return {
        version.programme.key: Course(
            version.programme.key,
            version,
            tuple(tracks_of(version)),
            tuple(_part(one, known, scales) for one in epas[version.id]),
            planned(session, version.id).plan,
        )
        for version in versions
    }


def _latest(session: Session, key: str | None) -> RatingScale | None:
    return None if key in {None, EPA_SCALE} else queries.latest_scale(session, str(key))


def _part(
    one: ProgrammeEpa, known: Mapping[str, AssessmentInstrument], scales: Mapping[str | None, RatingScale]
) -> Part:
    epa, target = one.epa, one.declaration_level
    levels = scale_of(epa.scale).levels if epa.scale else ()
    requirements = requirements_of(epa)
    scale_id = as_key(str(epa.scale_id)) if epa.scale_id else None
    stage = stage_for(one.expected, target) if target else None
    return Part(
        key=epa.key,
        epa_id=as_key(str(epa.id)),
        tracks=frozenset(epa.tracks),
        scale_id=scale_id,
        levels=levels,
        expected=one.expected,
        target=target,
        requirements=requirements,
        needs=tuple(
            _need(each, known[each.instrument], scale_id, levels, scales)
            for each in observed_in(requirements)
            if each.stage in {None, stage}
        ),
        validity_months=(epa.validity or {}).get("months"),
        scope=_scope(epa.scope),
    )


def _need(
    requirement: Requirement,
    instrument: AssessmentInstrument,
    scale_id: UUID | None,
    levels: tuple[Level, ...],
    scales: Mapping[str | None, RatingScale],
) -> Need:
    kind = KINDS[requirement.instrument]
    if requirement.result is not ResultKind.LEVEL:
        return Need(requirement, kind, None, (), on_epa_scale=False)
    if instrument.scale_key == EPA_SCALE:
        return Need(requirement, kind, scale_id, levels, on_epa_scale=True)
    scale = scales[instrument.scale_key]
    return Need(requirement, kind, as_key(str(scale.id)), scale_of(scale).levels, on_epa_scale=False)


def _scope(groups: list[Any]) -> dict[str, list[str]]:
    """Return a choice that the rules on the scope allow: the first options, without those that ask for more."""
    return {group["key"]: _choice(group) for group in groups}


def _choice(group: dict[str, Any]) -> list[str]:
    demanding = {rule["if_selected"] for rule in group["rules"]}
    free = [option["key"] for option in group["options"] if option["key"] not in demanding]
    return sorted(free[: max(1, group["choose_min"])])
