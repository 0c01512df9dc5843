"""Whether a file is what it says, by its content; what is not is refused with a reason."""

from lms.evidence.verification.verifying import taken_in, verified

__all__ = ["taken_in", "verified"]
