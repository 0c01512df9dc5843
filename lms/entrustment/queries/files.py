"""The file of a trainee as requirements beside observations look at it: what was attained and what was decided."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from competencies.decisions import Decision
from competencies.plans import Plan
from competencies.progress import NO_PLAN, NOTHING, EpaProgress, Record, RequirementProgress
from competencies.requirements import AnyRequirement, asks_beyond
from lms.attainments.queries import attained
from lms.cohorts.models import Enrolment
from lms.curriculum.plans import PlanInWords
from lms.curriculum.queries import Vocabulary, epas_in_short, named_in, planned
from lms.entrustment.queries.decisions import as_domain, as_recognised, decisions_of_enrolments, recognitions_of


@dataclass(frozen=True, slots=True)
class File:
    """What is known of a trainee beside what was seen, and the plan of the programme that it is held against."""

    record: Record = NOTHING
    plan: Plan = NO_PLAN


EMPTY = File()


def file_for(
    session: Session,
    enrolment: Enrolment,
    requirements: Iterable[AnyRequirement],
    *,
    version_id: UUID | None = None,
    known_at: datetime | None = None,
) -> File:
    """Return the file of a trainee, as it was at that moment and in that version where these are named.

    Without a statement where the requirements ask nothing beside observations.
    """
    if not asks_beyond(requirements):
        return EMPTY
    followed = version_id or enrolment.programme_version_id
    keys = {epa.id: epa.key for epa in epas_in_short(session, followed)}
    records = records_of(session, {enrolment.id: enrolment.track}, keys, known_at=known_at)
    return File(records[enrolment.id], planned(session, followed).plan)


def records_of(
    session: Session,
    tracks: Mapping[UUID, str | None],
    keys: Mapping[UUID, str],
    *,
    known_at: datetime | None = None,
) -> Mapping[UUID, Record]:
    """Return the file of each enrolment, without what was seen, in five statements whatever their number.

    `tracks` gives the track of each enrolment, `keys` the key of each EPA by its id.
    """
    reached = attained(session, tracks, known_at=known_at)
    taken = _decisions(session, tracks, keys, known_at)
    return {
        key: Record(attainments=reached[key], decisions=taken.get(key, {}), track=track)
        for key, track in tracks.items()
    }


def _decisions(
    session: Session, tracks: Mapping[UUID, str | None], keys: Mapping[UUID, str], known_at: datetime | None
) -> Mapping[UUID, Mapping[str, list[Decision]]]:
    """Return the decisions by enrolment and EPA, with those that a move recognised; at a moment, as they were then."""
    both = [(one.enrolment_id, one.epa_id, as_domain(one)) for one in decisions_of_enrolments(session, tracks)]
    both += [(one.enrolment_id, one.epa_id, as_recognised(one)) for one in recognitions_of(session, tracks)]
    found: defaultdict[UUID, defaultdict[str, list[Decision]]] = defaultdict(lambda: defaultdict(list))
    for enrolment_id, epa_id, decision in both:
        if epa_id in keys and (known_at is None or decision.recorded_at <= known_at):
            known = decision if known_at is None else replace(decision, overtaken_on=None)
            found[enrolment_id][keys[epa_id]].append(known)
    return found


def named_for(session: Session, progress: EpaProgress, version_id: UUID, words: Vocabulary) -> PlanInWords:
    """Return the titles of what requirements beside observations name; no statement where there are none."""
    if all(isinstance(item, RequirementProgress) for item in progress.items):
        return PlanInWords(plan=NO_PLAN)
    return named_in(session, version_id, words)
