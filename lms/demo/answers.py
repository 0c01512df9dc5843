"""What an assessor answers: the part that the instrument asks for, with or without words."""

from __future__ import annotations

from datetime import datetime

from competencies.curricula import ResultKind
from competencies.observations import AssessmentStatus
from competencies.scales import Level
from lms.demo import texts
from lms.demo.chance import Chance
from lms.demo.growth import Path, rubric_level, seen_level
from lms.demo.people import Assessor
from lms.demo.records import Assessment

LATE = 14
WITH_COMMENT, WITH_COMMENT_WHEN_LATE = 0.62, 0.3
"""The share of ratings that have words with them: fewer where the act was over two weeks ago."""


def fill_in(chance: Chance, asked: Assessment, path: Path, assessor: Assessor, at: datetime) -> None:
    """Give the assessment that was asked; on a sure path it is enough for the requirement."""
    requirement, firm = asked.need.requirement, path.is_firm(asked.activity.performed_on)
    tone = 0
    if requirement.result is ResultKind.LEVEL:
        asked.level = _level(chance, asked, path, assessor)
        middle = requirement.minimum.rank if requirement.minimum else asked.level.rank
        tone = max(-1, min(1, asked.level.rank - middle))
    elif requirement.result is ResultKind.PASS_FAIL:
        asked.passed = firm or chance.happens(0.85)
    elif requirement.result is ResultKind.COUNT:
        asked.quantity = asked.activity.quantity
    elif requirement.result is ResultKind.CONDITIONS:
        least_below = 0 if firm else 2
        asked.facts = {
            name.removeprefix("min_"): max(0, least + chance.randint(-least_below, 4))
            for name, least in requirement.conditions.items()
        }
    asked.comment = _comment(chance, requirement.result, tone, days=(at.date() - asked.activity.performed_on).days)
    asked.close(AssessmentStatus.SUBMITTED, at)


def _level(chance: Chance, asked: Assessment, path: Path, assessor: Assessor) -> Level:
    day, minimum = asked.activity.performed_on, asked.need.requirement.minimum
    if asked.need.on_epa_scale:
        level = seen_level(chance, asked.need.levels, path, assessor, day)
    else:
        level = rubric_level(chance, asked.need.levels, path, day)
    return minimum if path.is_firm(day) and minimum and not level.is_at_least(minimum) else level


def _comment(chance: Chance, result: ResultKind, tone: int, *, days: int) -> str:
    """Return words; where the instrument is nothing but words, there always are some."""
    if result is ResultKind.NARRATIVE:
        return chance.choice(texts.FEEDBACK)
    share = WITH_COMMENT_WHEN_LATE if days > LATE else WITH_COMMENT
    if not chance.happens(share) or result in {ResultKind.COUNT, ResultKind.PASS_FAIL}:
        return ""
    return chance.choice(texts.COMMENTS[tone])
