"""What a move would mean for each trainee: what they gain, and what they would still need."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from competencies.decisions import Decision
from competencies.errors import RuleBroken
from competencies.observations import Observation
from competencies.progress import EpaProgress, Record, epa_progress
from competencies.requirements import asks_beyond, asks_roles
from competencies.versions import (
    CarriedEvidence,
    EpaMapping,
    Outlook,
    Recognition,
    attained_behind,
    carried,
    carried_attainments,
    gains_and_needs,
    once_an_act,
    recognitions,
)
from lms.assessments.queries import observations_of
from lms.attainments.queries import attained
from lms.cohorts.models import Enrolment, EnrolmentMove, VersionMove
from lms.cohorts.queries import moves_of
from lms.entrustment.queries import as_recognised, decided_in, recognitions_of, records_of
from lms.moves.refusals import check_follows
from lms.moves.values import BothVersions
from lms.multisource.counting import with_rounds
from lms.progress.queries import outlines_of
from lms.progress.values import EpaInProgramme, ProgrammeOutline
from lms.standings.models import CarriedEpa

Decided = Mapping[UUID, Mapping[UUID, Sequence[Decision]]]
"""What was decided, by enrolment and EPA."""
Progresses = Mapping[UUID, EpaProgress]
"""How far somebody is, by EPA."""
Seen = Mapping[UUID, Sequence[Observation]]
"""What was seen of one trainee, by EPA."""


def decided_by_epa(session: Session, enrolments: Collection[Enrolment]) -> Decided:
    """Return what was decided on each EPA of the enrolments, and what an earlier move recognised there."""
    moved = [one.id for one in enrolments if one.move_id]
    found: defaultdict[UUID, defaultdict[UUID, list[Decision]]] = defaultdict(lambda: defaultdict(list))
    for enrolment_id, decision in decided_in(session, [one.id for one in enrolments]):
        found[enrolment_id][decision.epa_id].append(decision)
    for held in recognitions_of(session, moved) if moved else ():
        found[held.enrolment_id][held.epa_id].append(as_recognised(held))
    return found


def carried_now(session: Session, enrolment_id: UUID) -> Sequence[tuple[UUID, UUID]]:
    """Return each EPA of an earlier version with the one of the version now followed that carries it."""
    rows = select(CarriedEpa.from_epa_id, CarriedEpa.epa_id).where(CarriedEpa.enrolment_id == enrolment_id)
    return [(row.from_epa_id, row.epa_id) for row in session.execute(rows)]


def outlooks_of(
    session: Session,
    move: VersionMove,
    mapping: EpaMapping,
    versions: BothVersions,
    enrolments: Sequence[Enrolment],
    *,
    judged: bool,
    on: date,
) -> Mapping[UUID, Outlook]:
    """Return what the move would mean for each enrolment, in nine or ten statements besides those for new outlines.

    One more where a version asks for rounds of feedback, three where one asks for more than observations. Not
    `judged`: what is declared and what was attained only, in three or four; no requirement is looked at, nor what was
    seen. Needs the trainees and the new version.
    """
    outlines = outlines_of(session, [move.from_version_id, move.to_version_id])
    old, new = (outlines[key] for key in (move.from_version_id, move.to_version_id))
    by_epa = {epa.epa_id: epa.requirements for epa in (*old.epas, *new.epas)} if judged else {}
    asked = [one for requirements in by_epa.values() for one in requirements]
    tracks = {one.id: one.track for one in enrolments}
    seen: defaultdict[UUID, dict[UUID, Sequence[Observation]]] = defaultdict(dict)
    observed = observations_of(session, tracks, roles=asks_roles(asked)) if judged else {}
    for (enrolment_id, epa_id), rows in with_rounds(session, observed, tracks, by_epa).items():
        seen[enrolment_id][epa_id] = rows
    decided = decided_by_epa(session, enrolments)
    files = records_of(session, tracks, {}) if asks_beyond(asked) else _attained(session, tracks)
    moves = moves_of(session, enrolments)
    known = {key: _Known(seen[key], decided.get(key, {}), files[key], moves.get(key, ())) for key in tracks}
    bare = (
        {} if judged else {track: (_unjudged(old, track, on), _unjudged(new, track, on)) for track in tracks.values()}
    )
    return {
        one.id: _outlook(one, move, mapping, versions, old, new, known[one.id], on, bare.get(one.track))
        for one in enrolments
    }


def _unjudged(outline: ProgrammeOutline, track: str | None, on: date) -> Progresses:
    """Return the levels that the EPAs of a track ask, without their requirements: the same for everybody on it."""
    return {epa.epa_id: EpaProgress((), epa.target, epa.stage, on) for epa in outline.of_track(track)}


def _attained(session: Session, tracks: Mapping[UUID, str | None]) -> Mapping[UUID, Record]:
    return {key: Record(attainments=known, track=tracks[key]) for key, known in attained(session, tracks).items()}


class _Known(NamedTuple):
    """What is known of one trainee: what was seen and decided, by EPA, what was attained, and the moves until now."""

    seen: Seen
    decided: Mapping[UUID, Sequence[Decision]]
    file: Record
    moves: Sequence[EnrolmentMove]


def _outlook(
    enrolment: Enrolment,
    move: VersionMove,
    mapping: EpaMapping,
    versions: BothVersions,
    old: ProgrammeOutline,
    new: ProgrammeOutline,
    known: _Known,
    on: date,
    bare: tuple[Progresses, Progresses] | None,
) -> Outlook:
    """Return what the move would mean for one trainee; `bare` is how far they are where nothing is judged."""
    olds = {epa.epa_id for epa in old.epas}
    evidence = carried(mapping, [one for epa_id in olds for one in known.seen.get(epa_id, ())])
    held = recognitions(mapping, known.decided, old=versions.old, new=versions.new, on=on)
    keys, attainments = versions.keys, known.file.attainments
    before, after = bare or (
        _before(old, enrolment, known, on),
        _after(new, enrolment, known, mapping, keys, olds, evidence, held, on),
    )
    outlook = gains_and_needs(
        mapping,
        before=before,
        after=after,
        decisions=known.decided,
        recognitions=held,
        evidence=evidence,
        on=on,
    )
    plans = (old.plan, new.plan)
    pieces = (_pieces(old), _pieces(new)) if attainments else ((), ())
    return replace(
        outlook,
        attained_behind=attained_behind(attainments, mapping, keys, plans=plans, pieces=pieces),
        refusal=_refusal(enrolment, move, versions, held, known, on),
    )


def _before(old: ProgrammeOutline, enrolment: Enrolment, known: _Known, on: date) -> Progresses:
    """Return how far a trainee is on each EPA of the version that they follow."""
    record = replace(known.file, decisions={epa.key: known.decided.get(epa.epa_id, ()) for epa in old.epas})
    return {
        epa.epa_id: _progress(epa, known.seen.get(epa.epa_id, ()), record, old, on)
        for epa in old.of_track(enrolment.track)
    }


def _after(
    new: ProgrammeOutline,
    enrolment: Enrolment,
    known: _Known,
    mapping: EpaMapping,
    keys: Mapping[UUID, str],
    olds: set[UUID],
    evidence: CarriedEvidence,
    held: Sequence[Recognition],
    on: date,
) -> Progresses:
    """Return how far a trainee would be on each EPA of the other version."""
    record = replace(
        known.file,
        attainments=carried_attainments(known.file.attainments, mapping, keys),
        decisions=_decided_then(new, held),
    )
    return {
        epa.epa_id: _progress(epa, _on_new(epa.epa_id, olds, evidence, known.seen), record, new, on)
        for epa in new.of_track(enrolment.track)
    }


def _pieces(outline: ProgrammeOutline) -> Collection[str]:
    """Return the keys of the products and learning activities of a version."""
    return {name[1] for name in outline.titles if name[0] == "piece"}


def _refusal(
    enrolment: Enrolment,
    move: VersionMove,
    versions: BothVersions,
    held: Sequence[Recognition],
    known: _Known,
    on: date,
) -> RuleBroken | None:
    """Return the rule that forbids to move the trainee, or null."""
    try:
        check_follows(enrolment, move.to_version, versions, held, known.decided, known.moves, on=on)
    except RuleBroken as broken:
        return broken
    return None


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
    if not epa.requirements:
        return EpaProgress((), epa.target, epa.stage, on)
    return epa_progress(
        epa.requirements, seen, target=epa.target, stage=epa.stage, on=on, record=record, plan=outline.plan
    )
