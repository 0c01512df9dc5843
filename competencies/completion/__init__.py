"""Completion: what the diploma of a programme asks, and how far a trainee is."""

from competencies.completion.judging import (
    Completion,
    EpasProgress,
    EpasStep,
    ItemsProgress,
    RuleProgress,
    StageProgress,
    completion_of,
    stage_progress,
    study_load_of,
)
from competencies.completion.rules import CompletionRule, RuleKind

__all__ = [
    "Completion",
    "CompletionRule",
    "EpasProgress",
    "EpasStep",
    "ItemsProgress",
    "RuleKind",
    "RuleProgress",
    "StageProgress",
    "completion_of",
    "stage_progress",
    "study_load_of",
]
