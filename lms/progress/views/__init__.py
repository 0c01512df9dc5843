"""The pages of what a trainee has, needs and waits for, and of the cohort as a whole."""

from lms.progress.views import calendar, cohorts, home, own_figures, trainees
from lms.progress.views.blueprint import bp

__all__ = ["bp", "calendar", "cohorts", "home", "own_figures", "trainees"]
