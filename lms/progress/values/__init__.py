"""What pages and reports show of progress: the EPAs of a programme, trainees on them, and a cohort as a whole."""

from lms.progress.values.cohorts import (
    CohortMatrix,
    CohortPart,
    CohortTotals,
    EpaSummary,
    Order,
    Roll,
    Selection,
    Shown,
    TraineeRow,
    summary_of,
)
from lms.progress.values.programmes import EpaInProgramme, ProgrammeOutline, Words
from lms.progress.values.region import RegionalCohort
from lms.progress.values.trainees import EMPTY, QUIET_FOR, Cell, EpaLine, Guided, Rated

__all__ = [
    "EMPTY",
    "QUIET_FOR",
    "Cell",
    "CohortMatrix",
    "CohortPart",
    "CohortTotals",
    "EpaInProgramme",
    "EpaLine",
    "EpaSummary",
    "Guided",
    "Order",
    "ProgrammeOutline",
    "Rated",
    "RegionalCohort",
    "Roll",
    "Selection",
    "Shown",
    "TraineeRow",
    "Words",
    "summary_of",
]
