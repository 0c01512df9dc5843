"""What a move would mean for each trainee: what they gain, and what they would still need."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import NamedTuple
from uuid import UUID

from sqlalchemy.orm import Session

from competencies.decisions import Decision
from competencies.observations import Observation
from competencies.progress import NOTHING, EpaProgress, Record, epa_progress
from competencies.requirements import asks_beyond, asks_roles
from competencies.versions import (
    CarriedEvidence,
    EpaMapping,
    Outlook,
    Recognition,
    carried,
    gains_and_needs,
    once_an_act,
    recognitions,
)
from lms.assessments.queries import observations_of
from lms.cohorts.models import Enrolment, VersionMove
from lms.entrustment.queries import as_domain, as_recognised, decisions_of_enrolments, recognitions_of, records_of
from lms.moves.values import BothVersions
from lms.progress.queries import outlines_of
from lms.progress.values import EpaInProgramme, ProgrammeOutline

Decided = Mapping[UUID, Mapping[UUID, Sequence[Decision]]]
"""What was decided, by enrolment and EPA."""
Seen = Mapping[UUID, Sequence[Observation]]
"""What was seen of one trainee, by EPA."""


def decided_by_epa(session: Session, enrolment_ids: Collection[UUID]) -> Decided:
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
    """Return what the move would mean for each enrolment, in seven statements besides those for new outlines.

    Five more where a version asks for more than observations.
    """
    outlines = outlines_of(session, [move.from_version_id, move.to_version_id])
    old, new = outlines[move.from_version_id], outlines[move.to_version_id]
    asked = [one for epa in (*old.epas, *new.epas) for one in epa.requirements]
    tracks = {one.id: one.track for one in enrolments}
    seen: defaultdict[UUID, dict[UUID, Sequence[Observation]]] = defaultdict(dict)
    for (enrolment_id, epa_id), rows in observations_of(session, tracks, roles=asks_roles(asked)).items():
        seen[enrolment_id][epa_id] = rows
    decided = decided_by_epa(session, tracks)
    files = records_of(session, tracks, {}) if asks_beyond(asked) else {}
    known = {key: _Known(seen[key], decided.get(key, {}), files.get(key, NOTHING)) for key in tracks}
    return {one.id: _outlook(one, mapping, versions, old, new, known[one.id], on) for one in enrolments}


class _Known(NamedTuple):
    """What is known of one trainee: what was seen and decided, by EPA, and what was attained beside it."""

    seen: Seen
    decided: Mapping[UUID, Sequence[Decision]]
    file: Record


def _outlook(
    enrolment: Enrolment,
    mapping: EpaMapping,
    versions: BothVersions,
    old: ProgrammeOutline,
    new: ProgrammeOutline,
    known: _Known,
    on: date,
) -> Outlook:
    olds = {epa.epa_id for epa in old.epas}
    evidence = carried(mapping, [one for epa_id in olds for one in known.seen.get(epa_id, ())])
    held = recognitions(mapping, known.decided, old=versions.old, new=versions.new, on=on)
    first = replace(known.file, decisions={epa.key: known.decided.get(epa.epa_id, ()) for epa in old.epas})
    then = replace(known.file, decisions=_decided_then(new, held))
    return gains_and_needs(
        mapping,
        before={
            epa.epa_id: _progress(epa, known.seen.get(epa.epa_id, ()), first, old, on)
            for epa in old.of_track(enrolment.track)
        },
        after={
            epa.epa_id: _progress(epa, _on_new(epa.epa_id, olds, evidence, known.seen), then, new, on)
            for epa in new.of_track(enrolment.track)
        },
        decisions=known.decided,
        recognitions=held,
        evidence=evidence,
        on=on,
    )


def _decided_then(new: ProgrammeOutline, held: Sequence[Recognition]) -> Mapping[str, Sequence[Decision]]:
    """Return what would be decided on each new EPA, by its key."""
    keys = {epa.epa_id: epa.key for epa in new.epas}
    return {
        keys[one.epa_id]: [
            replace(decision, epa_id=one.epa_id, level=found.level, valid_until=found.valid_until)
            for found in one.recognised
            for decision in found.decisions
        ]
        for one in held
        if one.epa_id in keys
    }


def _on_new(epa_id: UUID, olds: set[UUID], evidence: CarriedEvidence, seen: Seen) -> Sequence[Observation]:
    """Return what counts on an EPA after the move: what it carries, and what was given on it before a move away."""
    own = () if epa_id in olds else seen.get(epa_id, ())
    return once_an_act((*own, *evidence.on(epa_id)))


def _progress(
    epa: EpaInProgramme, seen: Sequence[Observation], record: Record, outline: ProgrammeOutline, on: date
) -> EpaProgress:
    return epa_progress(
        epa.requirements, seen, target=epa.target, stage=epa.stage, on=on, record=record, plan=outline.plan
    )
