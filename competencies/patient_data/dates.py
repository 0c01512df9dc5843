"""Dates on which a patient was born: those that are called so, and whole dates of long ago."""

import re
from collections.abc import Iterator
from datetime import date

from competencies.days import months_from
from competencies.patient_data.passages import Passage, stands_before

MONTHS = (
    ("januari", "january", "jan"),
    ("februari", "february", "feb"),
    ("maart", "march", "mrt", "mar"),
    ("april", "apr"),
    ("mei", "may"),
    ("juni", "june", "jun"),
    ("juli", "july", "jul"),
    ("augustus", "august", "aug"),
    ("september", "sept", "sep"),
    ("oktober", "october", "okt", "oct"),
    ("november", "nov"),
    ("december", "dec"),
)
MONTH_OF = {name: number for number, names in enumerate(MONTHS, start=1) for name in names}
NAMES = "|".join(sorted(MONTH_OF, key=len, reverse=True))
YEAR = r"(?P<year>(?:18|19|20)\d\d|'?\d\d)"
WRITTEN = (
    re.compile(rf"(?<![\w.,/-])(?P<day>\d{{1,2}})(?P<by>[-/.])(?P<month>\d{{1,2}})(?P=by){YEAR}(?![\w/-]|[.,]\d)"),
    re.compile(
        r"(?<![\w.,/-])(?P<year>(?:18|19|20)\d\d)(?P<by>[-/.])(?P<month>\d{2})(?P=by)(?P<day>\d{2})(?![\w/-]|[.,]\d)"
    ),
    re.compile(
        rf"(?<![\w.,/-])(?P<day>\d{{1,2}})(?:st|nd|rd|th|e)?\s+(?:of\s+)?(?P<month>{NAMES})\.?,?\s+{YEAR}(?!\w)",
        re.IGNORECASE,
    ),
    re.compile(
        rf"(?<![\w.,/-])(?P<month>{NAMES})\.?\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<year>(?:18|19|20)\d\d)(?!\w)",
        re.IGNORECASE,
    ),
)
IN_ONE_GO = (
    re.compile(r"(?<![\w.,/-])(?P<day>\d\d)(?P<month>\d\d)(?P<year>(?:18|19|20)\d\d)(?![\w/-]|[.,]\d)"),
    re.compile(r"(?<![\w.,/-])(?P<year>(?:18|19|20)\d\d)(?P<month>\d\d)(?P<day>\d\d)(?![\w/-]|[.,]\d)"),
)
"""Eight digits may be anything: they are a date only where they are called a birth."""
BORN = re.compile(
    r"\b(?:geboren|geb(?:oorte)?\.?[ -]*(?:datum|dat\.?)|geb\.?(?=[\s:])|g\.?d\.|gebdat"
    r"|date of birth|d\.?o\.?b\.?|born|birth ?date)",
    re.IGNORECASE,
)
OF_A_DOCUMENT = re.compile(
    r"\b(?:richtlijn|protocol|wet|besluit|versie|diploma|certifica\w+|cursus|scholing|in dienst|sinds|artikel"
    r"|publicatie|guideline|version|act|issued|published|since|course|edition|editie|geldig|ingang)\b",
    re.IGNORECASE,
)
LONG_AGO = 15 * 12
"""From how many months back a whole date is rather a birth than a meeting, a course or a guideline; our assumption."""


def birth_dates(text: str, *, on: date) -> Iterator[Passage]:
    """Yield the dates that are called a birth, and those of long ago that are not a document's or a course's."""
    for written in (*WRITTEN, *IN_ONE_GO):
        for found in written.finditer(text):
            day = _day(found, on)
            if day is None or day > on:
                continue
            if stands_before(BORN, text, found.start(), within=30) or (
                written in WRITTEN
                and day <= months_from(on, -LONG_AGO)
                and not stands_before(OF_A_DOCUMENT, text, found.start(), within=60)
            ):
                yield found.span()


def _day(found: re.Match[str], on: date) -> date | None:
    """Return the day that was written, or None where the calendar has no such day."""
    named = found["month"].lower()
    month = MONTH_OF[named] if named in MONTH_OF else int(named)
    try:
        return date(_year(found["year"], on), month, int(found["day"]))
    except ValueError:
        return None


def _year(written: str, on: date) -> int:
    """Return the year; of two digits the latest that is not to come."""
    year = int(written.removeprefix("'"))
    if year > 99:
        return year
    century = on.year - on.year % 100
    return century + year if century + year <= on.year else century - 100 + year
