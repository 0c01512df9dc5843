"""Numbers that point at one patient: the citizen service number (BSN) and what a record is filed under."""

import re
from collections.abc import Iterator

from competencies.patient_data.passages import Passage, stands_before

SEPARATOR = r"[ .\-\u00a0]?"
NINE_DIGITS = re.compile(rf"(?<![\w/+.,-])\d(?:{SEPARATOR}\d){{7,8}}(?![\w/]|[.,-]\d)")
NAMED_BSN = re.compile(r"\b(?:bsn|burgerservicenummer|sofi(?:-?nummer)?)\b", re.IGNORECASE)
EVEN_GROUPS = re.compile(
    r"\d{8,9}|\d{3}([ .\-\u00a0])\d{3}\1\d{3}|\d{4}([ .\-\u00a0])\d{2}\2\d{3}|\d{2}([ .\-\u00a0])\d{3}\3\d{3}"
)
"""How people write a BSN: in one go, as 123.456.789, as 1234.56.789, or without the leading zero as 12.345.678."""

RECORD = re.compile(
    r"\b(?:pati[eë]nt(?:en)?[ -]?(?:nummer|nr\.?|id|number|no\.?)|p(?:a)?t\.?[ -]?(?:nr|nummer|id)\.?|pid"
    r"|dossier[ -]?(?:nummer|nr\.?)|opname[ -]?(?:nummer|nr\.?)|(?:epd|zis|hix|ecd)[ -]?(?:nummer|nr\.?|id)"
    r"|ziekenhuis(?:nummer|nr\.?)"
    r"|medical record (?:number|no\.?)|mrn|(?:hospital|nhs) (?:number|no\.?)|v-?nummer"
    r"|polis(?:nummer|nr\.?)|zorgpas(?:nummer|nr\.?)?)"
    r"\s*(?:[:=#]|is|was)?\s*#?(?P<number>[A-Z]{0,3}[-.]?\d(?:[\d .\-]{2,14})\d)(?!\w)",
    re.IGNORECASE,
)
BARE = re.compile(
    r"\b(?:pati[eë]nte?|pat\.?|pt\.|dossier|epd|hix|zis)\s*:?\s*#?\d{7,10}(?![\w/-]|[.,]\d)", re.IGNORECASE
)
"""A long number right behind a word for a patient or a record, though nobody calls it a number."""


def citizen_service_numbers(text: str) -> Iterator[Passage]:
    """Yield the numbers that are a BSN by their eleven-test; one of eight digits only where it is called one.

    Source of the test: the last digit, taken off, and the others times 9 down to 2 add up to a multiple of eleven.
    """
    for found in NINE_DIGITS.finditer(text):
        written = found.group()
        if not EVEN_GROUPS.fullmatch(written):
            continue
        digits = re.sub(r"\D", "", written)
        if len(digits) == 8 and not stands_before(NAMED_BSN, text, found.start(), within=25):
            continue
        if passes_eleven_test(digits):
            yield found.span()


def passes_eleven_test(digits: str) -> bool:
    """Return whether eight or nine digits are a number that can be a BSN."""
    whole = [int(digit) for digit in digits.zfill(9)]
    total = sum(weight * digit for weight, digit in zip((9, 8, 7, 6, 5, 4, 3, 2, -1), whole, strict=True))
    return any(whole) and total % 11 == 0


def record_numbers(text: str) -> Iterator[Passage]:
    """Yield the numbers that are called a patient's or a record's, with what they are called."""
    return (found.span() for written in (RECORD, BARE) for found in written.finditer(text))
