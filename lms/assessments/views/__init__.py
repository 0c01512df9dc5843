"""The pages on which an assessment is asked for, given and read."""

from lms.assessments.views import (
    answering,
    asking,
    correcting,
    drafting,
    reading,
    self_rating,
    start_group,
    starting,
    together,
    waiting,
)
from lms.assessments.views.blueprint import bp

__all__ = [
    "answering",
    "asking",
    "bp",
    "correcting",
    "drafting",
    "reading",
    "self_rating",
    "start_group",
    "starting",
    "together",
    "waiting",
]
