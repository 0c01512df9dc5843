"""What a writer is told of a text that seems to point at a patient."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from competencies.patient_data import Suspicion, findings_in
from lms.core.words import _l

SUSPICIONS: Mapping[Suspicion, object] = {
    Suspicion.BSN: _l("“%(passage)s” is a valid citizen service number (BSN)."),
    Suspicion.RECORD_NUMBER: _l("“%(passage)s” looks like the number of a patient or of a record."),
    Suspicion.BIRTH_DATE: _l("“%(passage)s” looks like a date of birth."),
    Suspicion.NAME_AND_AGE: _l("“%(passage)s” looks like somebody’s name with an age."),
}
"""What is said of a passage, by what it seems to be."""


def suspicions_in(text: str, *, on: date) -> list[str]:
    """Return a sentence in the reader's language about each passage that seems to point at a patient."""
    return [str(SUSPICIONS[one.suspicion]) % {"passage": one.passage(text)} for one in findings_in(text, on=on)]
