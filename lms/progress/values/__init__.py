"""What pages and reports show of progress: the EPAs of a programme, trainees on them, and a cohort as a whole."""

from lms.progress.values.cohorts import CohortMatrix, EpaSummary, Order, Selection, Shown, TraineeRow
from lms.progress.values.programmes import EpaInProgramme, ProgrammeOutline, Words
from lms.progress.values.trainees import EMPTY, QUIET_FOR, Cell, EpaLine, Guided, Rated

__all__ = [
    "EMPTY",
    "QUIET_FOR",
    "Cell",
    "CohortMatrix",
    "EpaInProgramme",
    "EpaLine",
    "EpaSummary",
    "Guided",
    "Order",
    "ProgrammeOutline",
    "Rated",
    "Selection",
    "Shown",
    "TraineeRow",
    "Words",
]
