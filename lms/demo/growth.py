"""How a trainee grows at one EPA, and how an assessor sees it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from competencies.scales import Level
from lms.demo.chance import Chance
from lms.demo.people import Assessor
from lms.demo.programmes import Part

NEARLY = 0.65
NOISE = 0.4
"""How much one rating differs from the next, in levels, all else equal."""
MIDDLE_DELAY, DELAY_SPREAD = 6.0, 1.1
"""Days from the act to its rating: a quarter takes over two weeks, an eighth is there within a day or so."""


@dataclass(slots=True)
class Path:
    """The way of a trainee at one EPA: the day it begins, and how many days it takes to the level of the declaration.

    `sure`: nothing is declined or too low once the trainee is nearly there. `decided`: somebody decides when the
    requirements are met. `early`: there is a decision before that, a level lower. `short_months`: the decision is valid
    that long and no longer; `renewed`: another one follows when it runs out.
    """

    part: Part
    begins: date
    days: float
    sure: bool = False
    decided: bool = True
    early: bool = False
    short_months: int | None = None
    renewed: bool = False

    def reached(self, day: date) -> float:
        """Return how far the trainee is on that day: 0 at the beginning, 1 at the level of the declaration."""
        return (day - self.begins).days / self.days

    def is_firm(self, day: date) -> bool:
        """Return whether nothing can go wrong any more on that day."""
        return self.sure and self.reached(day) >= NEARLY


def seen_level(chance: Chance, levels: Sequence[Level], path: Path, assessor: Assessor, day: date) -> Level:
    """Return what the assessor sees that day: growing with experience, stretched by leniency, never twice the same."""
    aim = path.part.target.rank if path.part.target else levels[-1].rank
    reached = path.reached(day)
    grown = 1 + (aim - 1) * max(0.0, reached) ** 0.8 if reached < 1 else aim + min(0.6, (reached - 1) * 0.5)
    rank = round(grown + assessor.leniency + chance.gauss(0, NOISE))
    return levels[min(max(rank, levels[0].rank), aim + 1, levels[-1].rank) - 1]


def rubric_level(chance: Chance, levels: Sequence[Level], path: Path, day: date) -> Level:
    """Return how a product is rated on a short rubric."""
    weights = (3, 5, 1) if path.reached(day) < 0.8 else (1, 6, 3)
    return chance.choices(levels, weights[: len(levels)])[0]


def answer_days(chance: Chance, assessor: Assessor) -> float:
    """Return how many days after the act the assessor answers."""
    return chance.days(MIDDLE_DELAY, DELAY_SPREAD) * assessor.slowness
