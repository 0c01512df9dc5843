"""The patient-data guard: what it finds, and what it leaves alone."""

from datetime import date
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from competencies.catalogue import catalogue_files
from competencies.patient_data import Finding, Suspicion, findings_in
from competencies.patient_data.numbers import passes_eleven_test
from tests.competencies.corpus_of_notes import INNOCENT, SUSPECT

TODAY = date(2026, 11, 20)


def found_in(text: str) -> tuple[tuple[Suspicion, str], ...]:
    return tuple((finding.suspicion, finding.passage(text)) for finding in findings_in(text, on=TODAY))


@pytest.mark.parametrize(("note", "expected"), SUSPECT)
def test_what_points_at_a_patient_is_found(note: str, expected: tuple[tuple[Suspicion, str], ...]) -> None:
    assert found_in(note) == expected


@pytest.mark.parametrize("note", INNOCENT)
def test_what_is_the_work_itself_is_left_alone(note: str) -> None:
    assert found_in(note) == ()


def test_no_line_of_the_programmes_that_ship_gives_alarm() -> None:
    lines = [line for file in catalogue_files().values() for line in file.read_text(encoding="utf-8").splitlines()]
    assert len(lines) > 3000
    assert [(line, found) for line in lines if (found := found_in(line))] == []


@pytest.mark.parametrize(("one", "other"), tuple(product(INNOCENT[:12], INNOCENT[30:42])))
def test_two_innocent_notes_in_one_text_stay_innocent(one: str, other: str) -> None:
    assert found_in(f"{one}\n{other}") == ()


@pytest.mark.parametrize(
    ("digits", "passes"),
    [
        ("123456782", True),
        ("111222333", True),
        ("10000008", True),
        ("010000008", True),
        ("123456789", False),
        ("000000000", False),
        ("111222334", False),
    ],
)
def test_a_number_is_a_bsn_by_its_eleven_test(digits: str, passes: bool) -> None:
    assert passes_eleven_test(digits) is passes


@given(st.integers(0, 999_999_999), st.integers(0, 8), st.integers(1, 9))
def test_one_wrong_digit_never_passes_the_eleven_test_twice(number: int, place: int, by: int) -> None:
    digits = f"{number:09}"
    wrong = digits[:place] + str((int(digits[place]) + by) % 10) + digits[place + 1 :]
    assert not (passes_eleven_test(digits) and passes_eleven_test(wrong))


@given(st.text(alphabet="0123456789 .,-()/:jaarMevrouwDe\n'", max_size=300))
def test_findings_lie_in_the_text_one_after_another(text: str) -> None:
    ends = 0
    for finding in findings_in(text, on=TODAY):
        assert ends <= finding.start < finding.end <= len(text)
        ends = finding.end


def test_a_date_to_come_is_no_birth() -> None:
    assert found_in("geboren 1-1-2031") == ()


def test_a_day_that_no_calendar_has_is_no_date() -> None:
    assert found_in("geb. 31-02-1956") == ()


def test_a_stretch_of_text_is_named_once() -> None:
    assert findings_in("patiëntnummer 123456782", on=TODAY) == (Finding(Suspicion.BSN, 14, 23),)


def test_a_long_text_is_read_at_once() -> None:
    text = "Mevrouw " * 500 + "1 2 3 4 5 6 7 8 9 " * 300 + "A. " * 500
    assert findings_in(text, on=TODAY) == ()
