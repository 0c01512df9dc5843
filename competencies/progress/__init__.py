"""Progress: what counts towards requirements, what does not and why, and what is still missing."""

from competencies.progress.combined import AnyProgress, AnyStep, CombinedProgress, CombinedStep
from competencies.progress.declarations import (
    DeclarationProgress,
    DeclarationStep,
    EpaStanding,
    Obstacle,
    standing_on,
)
from competencies.progress.epa import NO_PLAN, NOTHING, EpaProgress, epa_progress
from competencies.progress.hours import HoursProgress, HoursStep
from competencies.progress.judging import judge, observed_parts
from competencies.progress.observed import NextStep, RequirementProgress, progress_towards
from competencies.progress.pieces import PiecesProgress, PiecesStep
from competencies.progress.placements import PlacementProgress, PlacementStep
from competencies.progress.reasons import SetAside
from competencies.progress.records import Record
from competencies.progress.sessions import SessionsProgress, SessionsStep

__all__ = [
    "NOTHING",
    "NO_PLAN",
    "AnyProgress",
    "AnyStep",
    "CombinedProgress",
    "CombinedStep",
    "DeclarationProgress",
    "DeclarationStep",
    "EpaProgress",
    "EpaStanding",
    "HoursProgress",
    "HoursStep",
    "NextStep",
    "Obstacle",
    "PiecesProgress",
    "PiecesStep",
    "PlacementProgress",
    "PlacementStep",
    "Record",
    "RequirementProgress",
    "SessionsProgress",
    "SessionsStep",
    "SetAside",
    "epa_progress",
    "judge",
    "observed_parts",
    "progress_towards",
    "standing_on",
]
