"""The pages on programmes, EPAs, scales and frameworks, and on what organisations are accredited for."""

from lms.curriculum.views import accreditations, programmes
from lms.curriculum.views.blueprint import bp

__all__ = ["accreditations", "bp", "programmes"]
