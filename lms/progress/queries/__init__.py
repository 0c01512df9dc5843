"""What is asked about progress: in bulk, and the same figures for everybody who may see them."""

from lms.progress.queries.matrix import cohort_matrix
from lms.progress.queries.outlines import outlines_of
from lms.progress.queries.progress import progress_of
from lms.progress.queries.work import Work, work_of

__all__ = ["Work", "cohort_matrix", "outlines_of", "progress_of", "work_of"]
