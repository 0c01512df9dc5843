"""What somebody's own ratings look like together: how late, at which levels, and with what kind of comments.

Levels are counted and ordered, never averaged; each scale in one version and one direction stands apart.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from competencies.coaching import CoachingMark, coaching_marks

SOON, LATE = 3, 14
"""Up to so many days a rating is soon, and after so many it is late."""


@dataclass(frozen=True, slots=True)
class Delays:
    """How many days passed from act to rating: the median (low and high where it lies between two), and how many."""

    count: int
    median: tuple[int, int] | None
    same_day: int
    next_day: int
    soon: int
    late: int


@dataclass(frozen=True, slots=True)
class Comments:
    """How many ratings have a comment, and how many comments seem to say each thing that helps."""

    ratings: int
    commented: int
    marks: dict[CoachingMark, int]


@dataclass(frozen=True, slots=True)
class Month:
    """The ratings that were given in a month, by how long after the act."""

    first: date
    soon: int
    later: int
    late: int

    @property
    def count(self) -> int:
        """Return how many there are."""
        return self.soon + self.later + self.late


def median_of(ranks: Collection[int]) -> tuple[int, int] | None:
    """Return the middle of what can only be ordered: twice the same, or the two that it lies between; None of none."""
    ordered = sorted(ranks)
    return (ordered[(len(ordered) - 1) // 2], ordered[len(ordered) // 2]) if ordered else None


def delays_of(days: Sequence[int]) -> Delays:
    """Return what the days between act and rating come down to; `next_day`, `soon` and `late` as the words say."""
    return Delays(
        count=len(days),
        median=median_of(days),
        same_day=sum(one <= 0 for one in days),
        next_day=sum(one <= 1 for one in days),
        soon=sum(one <= SOON for one in days),
        late=sum(one > LATE for one in days),
    )


def comments_of(comments: Sequence[str]) -> Comments:
    """Return how many of these comments, one for each rating, say something, and how many what."""
    said = [one for one in comments if one.strip()]
    marks = Counter(mark for one in said for mark in coaching_marks(one))
    return Comments(len(comments), len(said), {mark: marks[mark] for mark in CoachingMark})


def months_of(given: Iterable[tuple[date, int]], *, until: date, number: int = 12) -> list[Month]:
    """Return so many months up to the one of `until`, the first one first.

    `given` has for each rating the day on which it was given and the days since the act.
    """
    last = until.year * 12 + until.month - 1
    counts: Counter[tuple[int, int]] = Counter()
    for day, delay in given:
        counts[day.year * 12 + day.month - 1, 0 if delay <= SOON else 1 if delay <= LATE else 2] += 1
    return [
        Month(date(month // 12, month % 12 + 1, 1), counts[month, 0], counts[month, 1], counts[month, 2])
        for month in range(last - number + 1, last + 1)
    ]
