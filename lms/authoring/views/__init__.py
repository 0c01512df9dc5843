"""The pages on which programmes are written."""

from lms.authoring.views import comparing, conflicts, drafts, history, parts, places, previewing, reviewing, starting
from lms.authoring.views.blueprint import bp

__all__ = [
    "bp",
    "comparing",
    "conflicts",
    "drafts",
    "history",
    "parts",
    "places",
    "previewing",
    "reviewing",
    "starting",
]
