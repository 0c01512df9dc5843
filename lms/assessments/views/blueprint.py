"""The blueprint of the pages on which an assessment is asked for and given, and what their templates may use."""

from __future__ import annotations

from flask import Blueprint

from lms.assessments.forms import fact_label
from lms.assessments.permissions import can_ask
from lms.assessments.values import days_of_delay, days_waiting, is_corrected

bp = Blueprint("assessments", __name__)
bp.add_app_template_filter(days_waiting)
bp.add_app_template_filter(days_of_delay)
bp.add_app_template_filter(fact_label)
bp.add_app_template_test(is_corrected, "corrected")
bp.add_app_template_global(can_ask)
