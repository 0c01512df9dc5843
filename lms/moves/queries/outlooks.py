"""What a move would mean for each trainee: what they gain, and what they would still need."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from uuid import UUID

from sqlalchemy.orm import Session

from competencies.decisions import Decision
from competencies.observations import Observation
from competencies.progress import EpaProgress, epa_progress
from competencies.versions import (
    CarriedEvidence,
    EpaMapping,
    Outlook,
    carried,
    gains_and_needs,
    once_an_act,
    recognitions,
)
from lms.assessments.queries import observations_of
from lms.cohorts.models import Enrolment, VersionMove
from lms.entrustment.queries import as_domain, as_recognised, decisions_of_enrolments, recognitions_of
from lms.moves.values import BothVersions
from lms.progress.queries import outlines_of
from lms.progress.values import EpaInProgramme, ProgrammeOutline

Decided = Mapping[UUID, Mapping[UUID, Sequence[Decision]]]
"""What was decided, by enrolment and EPA."""
Seen = Mapping[UUID, Sequence[Observation]]
"""What was seen of one trainee, by EPA."""


def decided_by_epa(session: Session, enrolment_ids: Sequence[UUID]) -> Decided:
    """Return what was decided on each EPA of the enrolments, and what an earlier move recognised there."""
    found: defaultdict[UUID, defaultdict[UUID, list[Decision]]] = defaultdict(lambda: defaultdict(list))
    for row in decisions_of_enrolments(session, enrolment_ids):
        found[row.enrolment_id][row.epa_id].append(as_domain(row))
    for held in recognitions_of(session, enrolment_ids):
        found[held.enrolment_id][held.epa_id].append(as_recognised(held))
    return found


def outlooks_of(
    session: Session,
    move: VersionMove,
    mapping: EpaMapping,
    versions: BothVersions,
    enrolments: Sequence[Enrolment],
    *,
    on: date,
) -> Mapping[UUID, Outlook]:
    """Return what the move would mean for each enrolment, in seven statements besides those for new outlines."""
    outlines = outlines_of(session, [move.from_version_id, move.to_version_id])
    ids = [one.id for one in enrolments]
    seen: defaultdict[UUID, dict[UUID, Sequence[Observation]]] = defaultdict(dict)
    for (enrolment_id, epa_id), rows in observations_of(session, ids).items():
        seen[enrolment_id][epa_id] = rows
    decided = decided_by_epa(session, ids)
    old, new = outlines[move.from_version_id], outlines[move.to_version_id]
    return {
        one.id: _outlook(one, mapping, versions, old, new, seen[one.id], decided.get(one.id, {}), on)
        for one in enrolments
    }


def _outlook(
    enrolment: Enrolment,
    mapping: EpaMapping,
    versions: BothVersions,
    old: ProgrammeOutline,
    new: ProgrammeOutline,
    seen: Seen,
    decided: Mapping[UUID, Sequence[Decision]],
    on: date,
) -> Outlook:
    olds = {epa.epa_id for epa in old.epas}
    evidence = carried(mapping, [one for epa_id in olds for one in seen.get(epa_id, ())])
    return gains_and_needs(
        mapping,
        before={epa.epa_id: _progress(epa, seen.get(epa.epa_id, ()), on) for epa in old.of_track(enrolment.track)},
        after={
            epa.epa_id: _progress(epa, _on_new(epa.epa_id, olds, evidence, seen), on)
            for epa in new.of_track(enrolment.track)
        },
        decisions=decided,
        recognitions=recognitions(mapping, decided, old=versions.old, new=versions.new, on=on),
        evidence=evidence,
        on=on,
    )


def _on_new(epa_id: UUID, olds: set[UUID], evidence: CarriedEvidence, seen: Seen) -> Sequence[Observation]:
    """Return what counts on an EPA after the move: what it carries, and what was given on it before a move away."""
    own = () if epa_id in olds else seen.get(epa_id, ())
    return once_an_act((*own, *evidence.on(epa_id)))


def _progress(epa: EpaInProgramme, seen: Sequence[Observation], on: date) -> EpaProgress:
    return epa_progress(epa.requirements, seen, target=epa.target, stage=epa.stage, on=on)
