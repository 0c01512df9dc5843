"""Cohorts of a programme version, the trainees enrolled in them, who guides whom, and who moved to another version."""

from lms.cohorts.models.cohorts import Cohort
from lms.cohorts.models.enrolments import Enrolment, EnrolmentTrainer
from lms.cohorts.models.moves import EnrolmentMove, VersionMove

__all__ = ["Cohort", "Enrolment", "EnrolmentMove", "EnrolmentTrainer", "VersionMove"]
