"""What an assessor who was not asked assesses, and in which way."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from competencies.answers import Answer
from competencies.instruments import LONGEST, Item, items_from
from competencies.requests import Offer
from competencies.scales import Direction, Scale
from lms.assessments.models import StartDraft
from lms.assessments.values import ITEM
from lms.core.words import in_language
from lms.curriculum.models import AssessmentForm, AssessmentInstrument, InstrumentForm
from lms.logbook.actions import Account


@dataclass(frozen=True, slots=True, kw_only=True)
class WayToStart:
    """An instrument with its form and scale, and the EPAs that can be assessed so, each with the offer that says so."""

    instrument: AssessmentInstrument
    form: AssessmentForm | None
    shared: InstrumentForm | None
    scale: Scale | None
    scale_id: UUID | None
    offers: dict[UUID, Offer] = field(default_factory=dict)

    @property
    def key(self) -> str:
        """Return what stands for it in an address."""
        return ":".join([self.instrument.key, self.form.key if self.form else "", self.scale.key if self.scale else ""])

    @property
    def title(self) -> str:
        """Return its words: the instrument, and the form where one is named."""
        title = in_language(self.instrument.title)
        return f"{title} – {in_language(self.form.title)}" if self.form else title

    @property
    def direction(self) -> Direction:
        """Return whether it looks back or ahead."""
        return self.shared.direction if self.shared else Direction.RETROSPECTIVE

    @property
    def items(self) -> tuple[Item, ...]:
        """Return what its form asks beside the result."""
        form = self.form or self.shared
        return items_from(form.items, self.instrument.result) if form else ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Witnessed:
    """What an assessor saw of a trainee, the way in which they assess it, and what they say of it."""

    account: Account
    way: WayToStart
    answer: Answer

    @property
    def epa_id(self) -> UUID:
        """Return the one EPA that it is about."""
        return self.account.epa_ids[0]


def typed_before(typed: Mapping[str, str]) -> dict[str, object]:
    """Return what was typed into the form of a start as the form takes it; a day that is none is left out."""
    kept: dict[str, object] = dict(typed)
    try:
        kept["performed_on"] = date.fromisoformat(typed.get("performed_on", ""))
    except ValueError:
        kept.pop("performed_on", None)
    return {name: one for name, one in kept.items() if one != ""}


def words_elsewhere(
    draft: StartDraft | None, ways: Iterable[WayToStart], words: Mapping[str, str], *, seen: int
) -> Sequence[str]:
    """Return what a draft holds that does not stand in a form whose texts are `words`; `seen` is its revision.

    Of the draft that was before the writer these are the texts that this way of assessing does not ask; of any other
    one all that differ.
    """
    if draft is None:
        return ()
    here = texts_in(ways, words)
    names = here.keys() if draft.revision != seen else here.keys() - words.keys()
    found = {name: draft.typed.get(name, "").strip() for name in sorted(names)}
    return [text for name, text in found.items() if text not in here[name]]


def texts_in(ways: Iterable[WayToStart], words: Mapping[str, str]) -> Mapping[str, str]:
    """Return the texts in a form, and as empty those that only other ways of assessing ask."""
    asked = {ITEM + item.key: "" for way in ways for item in way.items if item.kind in LONGEST}
    return asked | dict(words)
