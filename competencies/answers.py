"""Answers: what an assessor gives, and what the instrument asks of it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from competencies.activities import check_quantity
from competencies.curricula import ResultKind
from competencies.errors import RuleBroken
from competencies.scales import Level, Scale

LARGEST_FACT = 9999
"""The most that a fact of a project may count."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What an assessor says: the part that the instrument asks for, and words with it."""

    level: Level | None = None
    passed: bool | None = None
    quantity: int | None = None
    facts: Mapping[str, int] = field(default_factory=dict)
    comment: str = ""
    items: Mapping[str, Any] = field(default_factory=dict)


def check_assessor(by: UUID, *, assessor_id: UUID) -> None:
    """Accept the one who was asked, or raise not_the_assessor."""
    if by != assessor_id:
        raise RuleBroken("not_the_assessor")


def check_answer(answer: Answer, *, result: ResultKind, scale: Scale | None, facts: Collection[str]) -> None:
    """Accept an answer that holds what the instrument asks and nothing of another, or raise RuleBroken.

    `scale` is the one to rate on, where a level is asked; `facts` names the numbers that are asked of a project.
    """
    given = {
        ResultKind.LEVEL: answer.level is not None,
        ResultKind.PASS_FAIL: answer.passed is not None,
        ResultKind.COUNT: answer.quantity is not None,
        ResultKind.NARRATIVE: bool(answer.comment.strip()),
        ResultKind.CONDITIONS: answer.facts.keys() == set(facts),
    }
    if not given[result]:
        raise RuleBroken("answer_incomplete", result=result)
    if _of_another_kind(answer, result):
        raise RuleBroken("answer_unasked", result=result)
    _check_values(answer, scale)


def check_reason(reason: str) -> None:
    """Accept a reason for declining, or raise reason_missing."""
    if not reason.strip():
        raise RuleBroken("reason_missing")


def _of_another_kind(answer: Answer, result: ResultKind) -> bool:
    given = {
        ResultKind.LEVEL: answer.level is not None,
        ResultKind.PASS_FAIL: answer.passed is not None,
        ResultKind.COUNT: answer.quantity is not None,
        ResultKind.CONDITIONS: bool(answer.facts),
    }
    return any(there for kind, there in given.items() if kind is not result)


def _check_values(answer: Answer, scale: Scale | None) -> None:
    if answer.level is not None and (scale is None or answer.level not in scale.levels):
        raise RuleBroken("scale_mismatch", scale=scale.key if scale else "", other=answer.level.scale_key)
    if answer.quantity is not None:
        check_quantity(answer.quantity)
    for name, number in answer.facts.items():
        if not 0 <= number <= LARGEST_FACT:
            raise RuleBroken("fact_out_of_range", fact=name, largest=LARGEST_FACT)
