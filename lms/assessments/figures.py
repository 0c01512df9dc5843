"""A person's own ratings in figures, for that person alone."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from competencies.own_ratings import Comments, Delays, Month, comments_of, delays_of, median_of, months_of
from competencies.scales import Direction, Level, Scale
from competencies.stringency import NotEnough, Stringency, stringency_of
from lms.assessments.queries.own import OwnRating, compared_with_others, number_given, ratings_given
from lms.core.clock import HERE
from lms.curriculum.queries import scale_values

COMPARED_FOR = timedelta(days=730)
"""So far back own ratings are set beside those of others."""


@dataclass(frozen=True, slots=True)
class LevelMix:
    """The levels given on one version of a scale in one direction: how often each, and the middle one or two."""

    scale: Scale
    direction: Direction
    counts: Sequence[tuple[Level, int]]
    median: tuple[Level, Level]

    @property
    def number(self) -> int:
        """Return how many ratings there are."""
        return sum(count for _level, count in self.counts)


@dataclass(frozen=True, slots=True)
class Figures:
    """All of it: how many ever, and of the last twelve months by month, how late, which levels and comments."""

    total: int
    months: Sequence[Month]
    delays: Delays
    comments: Comments
    mixes: Sequence[LevelMix]
    stringency: Stringency | NotEnough


def figures_of(session: Session, user_id: UUID, *, on: date) -> Figures:
    """Return the figures of a person's own ratings on a day; four statements where the scales are known."""
    ratings = _last_year(session, user_id, on=on)
    compared = compared_with_others(session, user_id, since=_begin(on - COMPARED_FOR))
    return Figures(
        total=number_given(session, user_id),
        months=_months(ratings, on=on),
        delays=delays_of([one.days for one in ratings]),
        comments=comments_of([one.comment for one in ratings]),
        mixes=_mixes(session, ratings),
        stringency=stringency_of(compared),
    )


def months_given(session: Session, user_id: UUID, *, on: date) -> Sequence[Month]:
    """Return the last twelve months with what a person gave in each; one statement."""
    return _months(_last_year(session, user_id, on=on), on=on)


def _last_year(session: Session, user_id: UUID, *, on: date) -> Sequence[OwnRating]:
    first = date(on.year - 1, on.month, 1) + timedelta(days=31)
    return ratings_given(session, user_id, since=_begin(first.replace(day=1)))


def _begin(day: date) -> datetime:
    return datetime.combine(day, time(), HERE)


def _months(ratings: Sequence[OwnRating], *, on: date) -> Sequence[Month]:
    return months_of([(one.given_on, one.days) for one in ratings], until=on)


def _mixes(session: Session, ratings: Sequence[OwnRating]) -> Sequence[LevelMix]:
    """Return the levels by scale and direction, the most used first."""
    ranks: defaultdict[tuple[UUID, Direction], list[int]] = defaultdict(list)
    for one in ratings:
        if one.scale_id is not None and one.level_rank is not None:
            ranks[one.scale_id, one.direction].append(one.level_rank)
    scales = scale_values(session, {scale_id for scale_id, _direction in ranks})
    mixes = [_mix(scales[scale_id], direction, given) for (scale_id, direction), given in ranks.items()]
    return sorted(mixes, key=lambda mix: (-mix.number, mix.scale.key, mix.scale.version, mix.direction))


def _mix(scale: Scale, direction: Direction, ranks: Sequence[int]) -> LevelMix:
    counts, by_rank = Counter(ranks), {level.rank: level for level in scale.levels}
    low, high = median_of(ranks) or (ranks[0], ranks[0])
    return LevelMix(
        scale, direction, [(level, counts[level.rank]) for level in scale.levels], (by_rank[low], by_rank[high])
    )
