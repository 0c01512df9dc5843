"""How declarations come about: on evidence that meets the requirements, or before that with a reason."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import UUID

from competencies.curricula import ResultKind, stage_for
from competencies.entrustment import valid_until_for
from competencies.observations import ActivityKind
from competencies.progress import EpaProgress, epa_progress, observed_parts
from competencies.scales import Level
from lms.demo import texts
from lms.demo.dossiers import REFLECTION, Dossier
from lms.demo.growth import Path
from lms.demo.practising import feedback_round, observe_once
from lms.demo.records import Decision

TRIES = 3
EARLY_MONTHS = 12
AFTER_THE_LAST = 0.4
"""The part of the way, after the level is reached, at which evidence is looked at first."""


def decide(dossier: Dossier, path: Path) -> None:
    """Let the EPA be decided on as far as the history goes: early, at the level of the declaration, and once more."""
    target = path.part.target
    if target is None or path.part.scale_id is None:
        return
    if path.early:
        _decide_early(dossier, path, target)
    if _gather_until_met(dossier, path, target) and path.decided:
        _decide_finally(dossier, path, target)


def progress_on(dossier: Dossier, path: Path, level: Level, on: date, by: datetime) -> EpaProgress:
    """Return the progress for a declaration at that level, on what was answered by that moment."""
    part = path.part
    seen = [one for one in dossier.seen[part.epa_id] if one.answered_at <= by]
    stage = stage_for(part.expected, level)
    return epa_progress(part.requirements, seen, target=part.target, stage=stage, on=on)


def _decide_early(dossier: Dossier, path: Path, target: Level) -> None:
    """Declare a step below the target, with a reason: the requirements are those of the target still."""
    below = [level for level in path.part.levels if level.rank < target.rank]
    day = path.begins + timedelta(days=int(path.days * dossier.chance.uniform(0.55, 0.8)))
    if below:
        _record(dossier, path, below[-1], day, months=EARLY_MONTHS, reason=dossier.chance.choice(texts.EARLY))


def _gather_until_met(dossier: Dossier, path: Path, target: Level) -> bool:
    """Add what still lacks, a few times; return whether the requirements are met before the history ends."""
    at = 1 + AFTER_THE_LAST
    for _try in range(TRIES):
        day = path.begins + timedelta(days=int(path.days * at))
        by = dossier.chance.moment(day)
        if by > dossier.end:
            by, day = dossier.end, dossier.last_day
        progress = progress_on(dossier, path, target, day, by)
        if progress.is_met or day >= dossier.last_day:
            return progress.is_met
        _add_what_lacks(dossier, path, progress, at)
        at += AFTER_THE_LAST
    return progress_on(dossier, path, target, dossier.last_day, dossier.end).is_met


def _add_what_lacks(dossier: Dossier, path: Path, progress: EpaProgress, at: float) -> None:
    """Let the trainee gather what is still missing; on a second attempt nobody is left in doubt."""
    sure = Path(path.part, path.begins, path.days, sure=True)
    needs = {need.requirement: need for need in path.part.needs}
    for step in (item.next_step for item in observed_parts(progress.items) if item.next_step):
        need = needs[step.requirement]
        later = at + dossier.chance.uniform(0.02, AFTER_THE_LAST / 2)
        if need.requirement.instrument == REFLECTION:
            day = path.begins + timedelta(days=int(path.days * later))
            dossier.log(need.kind, day, [path.part])
        elif need.kind is ActivityKind.FEEDBACK_ROUND:
            feedback_round(dossier, sure, need, at=later)
        elif step.requirement.result is ResultKind.COUNT:
            observe_once(dossier, sure, need, at=later, quantity=step.observations)
        else:
            for _one in range(step.observations):
                observe_once(dossier, sure, need, at=later + dossier.chance.uniform(0, 0.1))


def _decide_finally(dossier: Dossier, path: Path, target: Level) -> None:
    """Decide some weeks after the evidence is there; renew what has run out, for some."""
    chance = dossier.chance
    answered = max((one.answered_at for one in dossier.seen[path.part.epa_id]), default=dossier.end)
    day = answered.date() + timedelta(days=2 + int(chance.days(9, 0.6)))
    months = path.short_months or path.part.validity_months
    decided = _record(dossier, path, target, day, months=months)
    if decided is None or decided.valid_until is None or not path.renewed:
        return
    again = decided.valid_until + timedelta(days=chance.randrange(-20, 10))
    _record(dossier, path, target, again, months=path.part.validity_months)


def _record(
    dossier: Dossier, path: Path, level: Level, day: date, *, months: int | None = None, reason: str = ""
) -> Decision | None:
    """Record a decision that the rules accept, or none: evidence lacks, nobody else may decide, or it is too late."""
    at = dossier.chance.moment(day, between=(9, 17))
    if at > dossier.end or day < dossier.enrolment.starts_on:
        return None
    progress = progress_on(dossier, path, level, day, at)
    decider = _decider(dossier, progress)
    if decider is None or not (progress.is_met or reason):
        return None
    last = next((one for one in reversed(dossier.decisions) if one.part is path.part), None)
    counted = {seen.id: seen for seen in progress.counted}
    made = Decision(
        id=dossier.chance.key(at),
        part=path.part,
        level=level,
        decided_by=decider,
        decided_on=day,
        recorded_at=at,
        valid_until=valid_until_for(months, day),
        remark=texts.SHORTER
        if path.short_months and months == path.short_months
        else dossier.chance.choice(texts.REMARKS),
        overrule_reason=reason,
        requirements_met=progress.is_met,
        evidence=tuple(counted.values()),
        supersedes=last,
    )
    dossier.decisions.append(made)
    dossier.hold_reflections(counted, at)
    return made


def _decider(dossier: Dossier, progress: EpaProgress) -> UUID | None:
    """Return a guide or a committee member who is not the only one who assessed, or none where there is no such one."""
    enrolment = dossier.enrolment
    guides, committee = [one.id for one in enrolment.guides], enrolment.group.place.committee
    assessors = progress.assessors or progress.assessors_set_aside
    first, then = (guides, committee) if dossier.chance.happens(0.6) else (committee, guides)
    return next((one for one in (*first, *then) if assessors != {one}), None)
