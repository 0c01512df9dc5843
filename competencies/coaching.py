"""Coaching on a comment: three quiet marks that help its writer, after the QuAL rubric; they judge nobody.

Rubric: evidence of what was done, a suggestion, and a connection between both (Chan and others, 2020). Whether a text
has these is guessed from words that often go with them, in Dutch and English. `lms/static/coach.js` guesses by the
same words while somebody types.
"""

import re
from collections.abc import Iterable, Mapping
from enum import StrEnum
from types import MappingProxyType

FEWEST_WORDS = 5
"""So many words a text has at least that describes what somebody did; our assumption."""
STEM = 5
"""Two words of at least so many letters that begin with the same ones are taken to be about the same."""


class CoachingMark(StrEnum):
    """What a helpful comment says: what was seen, what to try next, and what the one has to do with the other."""

    BEHAVIOUR = "behaviour"
    SUGGESTION = "suggestion"
    LINK = "link"


CUES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "behaviour": (
            *("benoemde", "bereidde", "bracht", "checkte", "controleerde", "dacht ", "deed ", "desinfecteerde", "gaf "),
            *("ging ", "hield ", "je hebt ", "keek ", "koos ", "kwam ", "legde ", "liet ", "luisterde", "maakte"),
            *("meldde", "miste ", "nam ", "noemde", "overlegde", "pakte ", "plaatste", "prikte", "rapporteerde"),
            *("reageerde", "schatte", "schreef", "signaleerde", "sloot ", "sprak ", "stelde", "toonde", "vergat"),
            *("verwijderde", "voerde", "vroeg ", "waste ", "werkte", "wist ", "zag ", "zei ", "zette"),
            *("asked", "began", "brought", "changed", "checked", "chose ", "cleaned", "did ", "discussed", "explained"),
            *("followed", "forgot", "found ", "gave ", "handled", "identified", "inserted", "involved", "kept "),
            *(
                "knew ",
                "listened",
                "made ",
                "managed",
                "measured",
                "missed",
                "named ",
                "noticed",
                "performed",
                "placed",
            ),
            *("prepared", "reassured", "recogni", "removed", "reported", "said ", "saw ", "showed", "spoke", "started"),
            *("stayed", "told ", "took ", "used ", "washed", "went ", "worked", "wrote"),
        ),
        "suggestion": (
            *("aandachtspunt", "advies", "denk aan", "denk er", "kan beter", "kun je", "kunt u", "leerpunt", "let er"),
            *("let op", "moet", "neem de tijd", "nog beter", "nog meer", "oefen", "probeer", "tip ", "vaker "),
            *("verbeter", "volgende keer", "voortaan", "werk aan", "zou "),
            *("aim to", "be sure", "consider", "could", "focus on", "improve", "instead", "make sure", "more often"),
            *(
                "next time",
                "practi",
                "remember to",
                "should",
                "take time",
                "take your time",
                "try ",
                "work on",
                "would",
            ),
        ),
        "link": (
            *("daardoor", "daarom", "dan ", "omdat", "toen ", "want ", "zodat"),
            *("because", "since ", "so that", "that way", "then ", "when "),
        ),
    }
)
"""How words begin that go with each mark; one that ends in a space is a whole word."""


def coaching_marks(comment: str) -> frozenset[CoachingMark]:
    """Return what the comment seems to say; the more of these, the more its reader has to go by."""
    sentences = [_words_in(one) for one in re.split(r"[.!?;\n]+", comment)]
    advising = [one for one in sentences if _has(one, CoachingMark.SUGGESTION)]
    telling = [one for one in sentences if _has(one, CoachingMark.BEHAVIOUR)]
    found = set()
    if telling and sum(len(one.split()) for one in sentences) >= FEWEST_WORDS:
        found.add(CoachingMark.BEHAVIOUR)
    if advising:
        found.add(CoachingMark.SUGGESTION)
    if len(found) == len(CUES) - 1 and _are_linked(telling, advising):
        found.add(CoachingMark.LINK)
    return frozenset(found)


def _words_in(sentence: str) -> str:
    """Return its words in small letters, each between spaces."""
    words = re.sub(r"[\W_]+", " ", sentence.lower())
    return f" {words.strip()} "


def _has(sentence: str, mark: CoachingMark) -> bool:
    return any(f" {cue}" in sentence for cue in CUES[mark])


def _are_linked(telling: Iterable[str], advising: Iterable[str]) -> bool:
    """Return whether an advice says why, tells what was seen itself, or takes up a word of what was told."""
    told = {stem for sentence in telling for stem in _stems(sentence)}
    return any(
        _has(one, CoachingMark.LINK) or _has(one, CoachingMark.BEHAVIOUR) or told & set(_stems(one)) for one in advising
    )


def _stems(sentence: str) -> list[str]:
    return [word[:STEM] for word in sentence.split() if len(word) >= STEM]
