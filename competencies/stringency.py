"""Whether somebody rates lower or higher than others did the same trainees: with an interval, for their own eyes.

Raters differ more than trainees do (https://pubmed.ncbi.nlm.nih.gov/34534035), so this helps a rater to look at
themselves. It ranks nobody. Only order is used: each own rating is set beside the ratings that others gave the same
trainee on the same EPA and scale, in the same direction and in the weeks around it; what counts is how many of those
are higher and how many lower. Levels are neither added nor averaged.
"""

from collections import defaultdict
from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from math import sqrt

DAYS_AROUND = 60
"""So many days before and after an act others' ratings are compared: growth on both sides weighs the same."""
FEWEST_RATINGS, FEWEST_TRAINEES, FEWEST_OTHERS = 10, 4, 3
"""Fewer ratings or trainees say nothing yet; with fewer others the answer would be about one of them."""


@dataclass(frozen=True, slots=True)
class Compared:
    """One own rating beside what others gave: who was rated, by whom else, and how many rated lower, the same, higher.

    `lower` are the others' ratings that are lower than the own one.
    """

    trainee: Hashable
    others: frozenset[Hashable]
    lower: int
    same: int
    higher: int


class Leaning(StrEnum):
    """What can be said: that the own ratings are lower, that they are higher, or neither."""

    LOWER = "lower"
    HIGHER = "higher"
    NO_DIFFERENCE = "no_difference"


@dataclass(frozen=True, slots=True)
class Stringency:
    """How own ratings lie to those of others.

    `effect` is the share of comparisons in which the own rating is higher, less the share in which it is lower, from -1
    to 1; each own rating weighs the same. `low` and `high` are its interval of 95 %.
    """

    ratings: int
    trainees: int
    lower: float
    same: float
    higher: float
    effect: float
    low: float
    high: float

    @property
    def leaning(self) -> Leaning:
        """Return what can be said; within the interval of nothing: that no difference can be seen."""
        if self.high < 0:
            return Leaning.LOWER
        return Leaning.HIGHER if self.low > 0 else Leaning.NO_DIFFERENCE


@dataclass(frozen=True, slots=True)
class NotEnough:
    """That there is too little to say anything, and how many more it needs of each."""

    ratings: int
    trainees: int
    others: int


def stringency_of(compared: Iterable[Compared]) -> Stringency | NotEnough:
    """Return how own ratings lie to those of others, or what it still needs; who has no other rating counts nowhere.

    The interval takes the trainees, and not the ratings, as what was drawn: ratings of one trainee are alike. It is the
    usual one of a ratio over clusters with Student's t, after two imagined trainees were added, one rated higher and
    one lower throughout, as Agresti and Coull add observations: few trainees who agree never look certain.
    """
    beside = [one for one in compared if one.lower + one.same + one.higher]
    trainees = {one.trainee for one in beside}
    others = {other for one in beside for other in one.others}
    lacks = NotEnough(
        max(FEWEST_RATINGS - len(beside), 0),
        max(FEWEST_TRAINEES - len(trainees), 0),
        max(FEWEST_OTHERS - len(others), 0),
    )
    if lacks.ratings or lacks.trainees or lacks.others:
        return lacks
    shares = [tuple(part / (one.lower + one.same + one.higher) for part in _own(one)) for one in beside]
    lower, same, higher = (sum(parts) / len(beside) for parts in zip(*shares, strict=True))
    sums: defaultdict[Hashable, list[float]] = defaultdict(list)
    for one, (is_lower, _same, is_higher) in zip(beside, shares, strict=True):
        sums[one.trainee].append(is_higher - is_lower)
    low, high = _interval([(sum(values), len(values)) for values in sums.values()])
    effect = higher - lower
    return Stringency(len(beside), len(trainees), lower, same, higher, effect, min(low, effect), max(high, effect))


def _own(one: Compared) -> tuple[int, int, int]:
    """Return in how many comparisons the own rating is lower, the same and higher."""
    return one.higher, one.same, one.lower


def _interval(clusters: list[tuple[float, float]]) -> tuple[float, float]:
    """Return the interval of 95 % of the sum over the number, of clusters with these sums and numbers."""
    size = sum(number for _sum, number in clusters) / len(clusters)
    clusters = [*clusters, (size, size), (-size, size)]
    count, total = len(clusters), sum(number for _sum, number in clusters)
    middle = sum(one for one, _number in clusters) / total
    spread = sum((one - middle * number) ** 2 for one, number in clusters) * count / (count - 1)
    aside = _student(count - 1) * sqrt(spread) / total
    return max(middle - aside, -1.0), min(middle + aside, 1.0)


def _student(freedom: int) -> float:
    """Return the quantile of 97.5 % of Student's t by the expansion around the normal one; to 0.01 from five on."""
    z = 1.959964
    first = (z**3 + z) / 4
    second = (5 * z**5 + 16 * z**3 + 3 * z) / 96
    third = (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384
    return z + first / freedom + second / freedom**2 + third / freedom**3
