"""How long a form keeps a rater: an estimate of reading and answering, against the budget at the bedside."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from competencies.curricula import ResultKind

BUDGET = 15
"""The seconds within which somebody who just saw the work rates it, from opening the page to sending it."""

WORDS_A_SECOND = 4.0
"""Silent reading of adults: 238 words a minute on average (Brysbaert, Journal of Memory and Language 109, 2019)."""

SECONDS_AN_ITEM = 1.0
"""To find one's place and think of what was seen, for each thing to look at; our assumption."""

SECONDS_TO_ANSWER: Mapping[ResultKind, float] = MappingProxyType(
    {
        ResultKind.LEVEL: 4.0,
        ResultKind.PASS_FAIL: 2.0,
        ResultKind.COUNT: 4.0,
        ResultKind.NARRATIVE: 20.0,
        ResultKind.CONDITIONS: 8.0,
    }
)
"""To choose a level, tick a box, type a number, a sentence or some facts; our assumption, to be measured."""

SECONDS_TO_SEND = 2.0
"""To find the button and press it; our assumption."""


@dataclass(frozen=True, slots=True)
class FormLength:
    """The seconds that a form takes, by what they go to."""

    reading: float
    answering: float

    @property
    def seconds(self) -> int:
        """Return the whole number of seconds, rounded up half and half."""
        return round(self.reading + self.answering)

    @property
    def is_too_long(self) -> bool:
        """Return whether it takes longer than the budget."""
        return self.seconds > BUDGET


def form_length(result: ResultKind, words_of_items: Sequence[int]) -> FormLength:
    """Return how long a form takes whose items have so many words each, and which results in that."""
    reading = sum(words_of_items) / WORDS_A_SECOND + len(words_of_items) * SECONDS_AN_ITEM
    return FormLength(reading, SECONDS_TO_ANSWER[result] + SECONDS_TO_SEND)
