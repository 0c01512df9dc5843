"""What is asked about progress: in bulk, and the same figures for everybody who may see them."""

from lms.progress.queries.completion import Standing, completion_standing
from lms.progress.queries.dossier import Dossier, dossier_of, ratings_over_time, version_of
from lms.progress.queries.earlier import left_behind, outline_with
from lms.progress.queries.lines import guided_lines, lines_of
from lms.progress.queries.matrix import cohort_matrix, cohort_version
from lms.progress.queries.outlines import outlines_of
from lms.progress.queries.parts import cohort_part, refused_of
from lms.progress.queries.progress import progress_of
from lms.progress.queries.region import regional_cohorts
from lms.progress.queries.work import MY_WORK, Work, work_from

__all__ = [
    "MY_WORK",
    "Dossier",
    "Standing",
    "Work",
    "cohort_matrix",
    "cohort_part",
    "cohort_version",
    "completion_standing",
    "dossier_of",
    "guided_lines",
    "left_behind",
    "lines_of",
    "outline_with",
    "outlines_of",
    "progress_of",
    "ratings_over_time",
    "refused_of",
    "regional_cohorts",
    "version_of",
    "work_from",
]
