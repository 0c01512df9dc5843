"""What changes cohorts, enrolments and who guides whom."""

from lms.cohorts.actions.cohorts import create_cohort, edit_cohort
from lms.cohorts.actions.enrolments import account_for, change_enrolment, end_enrolment, enrol, reopen_enrolment
from lms.cohorts.actions.guidance import assign_trainer, end_guidance

__all__ = [
    "account_for",
    "assign_trainer",
    "change_enrolment",
    "create_cohort",
    "edit_cohort",
    "end_enrolment",
    "end_guidance",
    "enrol",
    "reopen_enrolment",
]
