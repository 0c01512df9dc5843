"""What a comment seems to say: a corpus of our own in both languages, and properties of the marks."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from competencies.coaching import CUES, CoachingMark, coaching_marks

NOTHING: set[str] = set()
CORPUS = [
    ("", NOTHING),
    (".", NOTHING),
    ("Goed", NOTHING),
    ("Prima gedaan, ga zo door!", NOTHING),
    ("Good job", NOTHING),
    ("Fijn om mee samen te werken", NOTHING),
    ("Je legde de patiënt rustig uit wat er ging gebeuren", {"behaviour"}),
    ("Controleerde het polsbandje voor het toedienen", {"behaviour"}),
    ("She checked the wristband before giving the drug", {"behaviour"}),
    ("You explained the test calmly and asked for questions", {"behaviour"}),
    ("Legde uit", NOTHING),
    ("Volgende keer eerder hulp vragen", {"suggestion"}),
    ("Probeer langzamer te praten", {"suggestion"}),
    ("Next time call sooner", {"suggestion"}),
    ("Je vroeg goed door. Je kunt u", {"behaviour", "suggestion"}),
    ("Je controleerde de pomp pas na het starten. Volgende keer controleren voor het starten.", CUES.keys()),
    ("Je vroeg weinig door, omdat er haast was. Neem de tijd zodat de patiënt kan vertellen.", CUES.keys()),
    ("You washed your hands late. Try to do it earlier because the line was open.", CUES.keys()),
    ("You asked about pain first. Next time look up the chart.", {"behaviour", "suggestion"}),
]


@pytest.mark.parametrize(("comment", "marks"), CORPUS)
def test_a_comment_gets_the_marks_of_what_it_says(comment: str, marks: set[str]) -> None:
    assert {mark.value for mark in coaching_marks(comment)} == set(marks)


def test_each_mark_has_cues_of_its_own() -> None:
    assert [mark.value for mark in CoachingMark] == list(CUES)
    for cues in CUES.values():
        assert len(set(cues)) == len(cues)
        assert all(cue == cue.lower().lstrip() for cue in cues)


@given(st.text(max_size=300))
def test_any_text_is_judged_and_never_by_a_link_alone(comment: str) -> None:
    found = coaching_marks(comment)
    assert CoachingMark.LINK not in found or len(found) == len(CoachingMark)


@given(st.sampled_from([comment for comment, _marks in CORPUS]), st.sampled_from(["", "!", "\n\n", "  "]))
def test_case_and_spaces_change_nothing(comment: str, end: str) -> None:
    assert coaching_marks(comment.upper() + end) == coaching_marks(comment)
