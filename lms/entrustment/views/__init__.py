"""The pages of decisions: taking one, and reading one."""

from lms.entrustment.views import decide, decision
from lms.entrustment.views.blueprint import bp

__all__ = ["bp", "decide", "decision"]
