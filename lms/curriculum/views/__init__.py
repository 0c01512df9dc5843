"""The pages on programmes, EPAs, scales and frameworks, and on what organisations are accredited for."""

from lms.curriculum.views import accreditations, frameworks, programmes, scales
from lms.curriculum.views.blueprint import bp

__all__ = ["accreditations", "bp", "frameworks", "programmes", "scales"]
