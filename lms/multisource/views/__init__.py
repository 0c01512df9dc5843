"""The pages of feedback rounds."""

from lms.multisource.views import answering, asking, reading, rounds
from lms.multisource.views.blueprint import bp

__all__ = ["answering", "asking", "bp", "reading", "rounds"]
