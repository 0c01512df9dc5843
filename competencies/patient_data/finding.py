"""What the guard finds in a text: passages, each with what it seems to be."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import chain

from competencies.patient_data import dates, names, numbers
from competencies.patient_data.passages import Passage


class Suspicion(StrEnum):
    """What a passage seems to be."""

    BSN = "bsn"
    RECORD_NUMBER = "record_number"
    BIRTH_DATE = "birth_date"
    NAME_AND_AGE = "name_and_age"


@dataclass(frozen=True, slots=True)
class Finding:
    """A passage of a text, from `start` up to `end`, and what it seems to be."""

    suspicion: Suspicion
    start: int
    end: int

    def passage(self, text: str) -> str:
        """Return the words of the text that it is about."""
        return text[self.start : self.end]


def findings_in(text: str, *, on: date) -> tuple[Finding, ...]:
    """Return the passages that seem to point at a patient, in the order of the text; `on` is the day of writing.

    Each stretch of text is named once: by what says most about a person, as they are listed in `Suspicion`.
    """
    kept: list[Finding] = []
    for found in _suspected(text, on):
        if not any(found.start < other.end and other.start < found.end for other in kept):
            kept.append(found)
    return tuple(sorted(kept, key=lambda finding: finding.start))


def _suspected(text: str, on: date) -> Iterator[Finding]:
    suspected: tuple[tuple[Suspicion, Iterator[Passage]], ...] = (
        (Suspicion.BSN, numbers.citizen_service_numbers(text)),
        (Suspicion.RECORD_NUMBER, numbers.record_numbers(text)),
        (Suspicion.BIRTH_DATE, dates.birth_dates(text, on=on)),
        (Suspicion.NAME_AND_AGE, names.names_beside_ages(text)),
    )
    return chain.from_iterable(
        (Finding(suspicion, start, end) for start, end in passages) for suspicion, passages in suspected
    )
