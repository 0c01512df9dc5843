"""The blueprint of the pages on which an assessment is asked for and given, and what their templates may use."""

from __future__ import annotations

from json import dumps

from flask import Blueprint

from competencies.coaching import CUES, FEWEST_WORDS, STEM, CoachingMark, coaching_marks
from lms.assessments.forms import fact_label
from lms.assessments.permissions import can_ask, can_hand_on
from lms.assessments.values import (
    apart_from_words,
    days_held,
    days_of_delay,
    days_since_act,
    days_waiting,
    first_delay,
    is_corrected,
    waiting_events,
)

bp = Blueprint("assessments", __name__)
CUES_SAID = dumps({"cues": dict(CUES), "fewest": FEWEST_WORDS, "stem": STEM}, separators=(",", ":"))
"""By what `coach.js` guesses what a comment says."""


@bp.app_template_global()
def coaching_cues() -> str:
    """Return by what a script guesses what a comment says."""
    return CUES_SAID


@bp.app_template_global()
def coaching_marks_known() -> tuple[CoachingMark, ...]:
    """Return all that a helpful comment says."""
    return tuple(CoachingMark)


bp.add_app_template_filter(apart_from_words)
bp.add_app_template_filter(coaching_marks)
bp.add_app_template_filter(waiting_events)
bp.add_app_template_filter(days_waiting)
bp.add_app_template_filter(days_held)
bp.add_app_template_filter(days_of_delay)
bp.add_app_template_filter(days_since_act)
bp.add_app_template_filter(fact_label)
bp.add_app_template_filter(first_delay)
bp.add_app_template_test(is_corrected, "corrected")
bp.add_app_template_global(can_ask)
bp.add_app_template_global(can_hand_on)
