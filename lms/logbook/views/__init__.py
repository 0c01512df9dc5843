"""The pages on which a trainee logs activities and reads the logbook."""

from lms.logbook.views import entering, files, reading, series
from lms.logbook.views.blueprint import bp

__all__ = ["bp", "entering", "files", "reading", "series"]
