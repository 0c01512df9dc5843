"""The blueprint that the pages of this feature hang on."""

from __future__ import annotations

from flask import Blueprint

from lms.curriculum.queries.contexts import context_kind

bp = Blueprint("curriculum", __name__)
bp.add_app_template_filter(context_kind)
