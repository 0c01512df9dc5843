"""What counted and what was set aside, line by line, in the reader's words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol
from uuid import UUID

from competencies.attainments import Attainment, AttainmentKind, HoursOf
from competencies.observations import Observation
from competencies.progress import (
    AnyProgress,
    CombinedProgress,
    DeclarationProgress,
    EpaStanding,
    HoursProgress,
    PiecesProgress,
    PlacementProgress,
    RequirementProgress,
    SetAside,
)
from lms.core.templating import day
from lms.core.words import _, label
from lms.curriculum.needs.named import Named
from lms.curriculum.needs.observed import seen_words
from lms.curriculum.needs.others import days_words, hours_words

Names = Mapping[UUID, str]


class Person(Protocol):
    """Somebody with a name."""

    @property
    def name(self) -> str:
        """Return the name."""


def names_of(people: Mapping[UUID, Person]) -> Names:
    """Return the names of people by id."""
    return {key: person.name for key, person in people.items()}


@dataclass(frozen=True, slots=True)
class Line:
    """One piece of proof: its words, the page that shows it (none: no page), and why it does not count."""

    words: str
    endpoint: str | None = None
    values: Mapping[str, UUID] | None = None
    reason: SetAside | None = None


@dataclass(frozen=True, slots=True)
class Bar:
    """How many of the needed number there are, in one unit."""

    count: int | float
    needed: int | float


def bar_of(item: AnyProgress) -> Bar | None:
    """Return how far a requirement is as one number of another, or null where it is yes or no."""
    match item:
        case RequirementProgress() | PiecesProgress():
            return Bar(item.count, item.requirement.min_count)
        case HoursProgress():
            return Bar(_plain(item.amount), item.requirement.min_hours)
        case PlacementProgress():
            return Bar(len(item.done), item.needed) if item.needed > 1 else Bar(len(item.counted), item.min_count)
        case CombinedProgress():
            return Bar(item.count, item.requirement.needed)
        case DeclarationProgress():
            return None
        case _:
            return Bar(_plain(item.amount), _plain(item.needed))


def _plain(number: Decimal) -> int | float:
    """Return a number as a browser's progress bar takes it."""
    return int(number) if number == int(number) else float(number)


def counted_lines(item: AnyProgress, named: Named, names: Names) -> list[Line]:
    """Return what counts towards a requirement, the oldest first."""
    match item:
        case RequirementProgress():
            return [_observed(seen, names) for seen in item.counted]
        case DeclarationProgress():
            return list(standing_lines(item.standing)) if item.is_met else []
        case CombinedProgress():
            return []
        case _:
            return [attained(one, part, named) for one, part in _parts(item)]


def set_aside_lines(item: AnyProgress, named: Named, names: Names) -> list[Line]:
    """Return what does not count towards a requirement and why, the oldest first."""
    match item:
        case RequirementProgress():
            return [_observed(seen, names, reason) for seen, reason in item.set_aside]
        case DeclarationProgress():
            return [
                Line(_("exemption of %(day)s", day=day(one.done_on)), reason=why)
                for one, why in item.standing.set_aside
            ]
        case CombinedProgress():
            return []
        case HoursProgress():
            return [attained(one, part, named, reason) for one, reason, part in item.set_aside]
        case PlacementProgress() | PiecesProgress():
            return [attained(one, one.amount, named, reason) for one, reason in item.set_aside]
        case _:
            return [attained(one, part, named, reason) for one, reason, part in item.set_aside]


def _parts(item: AnyProgress) -> Iterator[tuple[Attainment, Decimal]]:
    """Yield what counts with the part of it that does."""
    match item:
        case PlacementProgress() | PiecesProgress():
            yield from ((one, one.amount) for one in item.counted)
        case RequirementProgress() | CombinedProgress() | DeclarationProgress():
            return
        case _:
            yield from item.counted


def _observed(seen: Observation, names: Names, reason: SetAside | None = None) -> Line:
    if seen.answers is not None:
        return Line(seen_words(seen, names), reason=reason)
    if seen.assessed_by is None:
        return Line(seen_words(seen, names), "logbook.activity", {"activity_id": seen.activity_id}, reason)
    return Line(seen_words(seen, names), "assessments.assessment", {"assessment_id": seen.id}, reason)


def standing_lines(standing: EpaStanding) -> Iterator[Line]:
    """Yield by what an EPA counts: a decision, or an exemption."""
    if standing.is_exempted and standing.exemption is not None:
        yield Line(_("exempted on %(day)s", day=day(standing.exemption.done_on)))
    elif standing.decision is not None:
        decision = standing.decision
        words = _("level %(level)s, declared on %(day)s", level=decision.level.code, day=day(decision.decided_on))
        yield Line(words, "entrustment.decision", {"decision_id": decision.id})


def attained(one: Attainment, part: Decimal, named: Named, reason: SetAside | None = None) -> Line:
    """Return one attainment, or the part of it that counts, in a line."""
    return Line(_("%(day)s, %(what)s", day=day(one.done_on), what=_what(one, part, named)), reason=reason)


def _what(one: Attainment, part: Decimal, named: Named) -> str:
    """Return what was attained, in a few words."""
    key = one.key or ""
    match one.kind:
        case AttainmentKind.HOURS:
            return hours_words(HoursOf(key), part)
        case AttainmentKind.EXEMPT_HOURS:
            return _("exempted: %(hours)s", hours=hours_words(HoursOf(key), part))
        case AttainmentKind.PLACEMENT:
            return named.title("setting", key, one.setting) if one.setting else named.title("placement", key)
        case AttainmentKind.SESSION:
            return _("%(session)s (%(days)s)", session=named.title("session", key), days=days_words(part))
        case _:
            return named.title("piece", key) if key else label(one.kind)
