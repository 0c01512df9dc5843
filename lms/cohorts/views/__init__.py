"""The pages of cohorts and enrolments."""

from lms.cohorts.views import cohorts, enrolments, guidance, retirement
from lms.cohorts.views.blueprint import bp

__all__ = ["bp", "cohorts", "enrolments", "guidance", "retirement"]
