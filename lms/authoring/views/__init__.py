"""The pages on which programmes are written."""

from lms.authoring.views import comparing, drafts, history, parts, previewing, reviewing, starting
from lms.authoring.views.blueprint import bp

__all__ = ["bp", "comparing", "drafts", "history", "parts", "previewing", "reviewing", "starting"]
