"""The public pages of programmes, and the page of what somebody would still need."""

from lms.paths.views import needs, published
from lms.paths.views.blueprint import bp

__all__ = ["bp", "needs", "published"]
