"""The scales, instruments and words that all programmes share."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, CompoundSelect, cast, func, literal, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import InstrumentedAttribute, Session, joinedload, selectinload

from competencies.scales import Scale
from lms.core.db import JSON_VALUE, Words
from lms.curriculum.models import AssessmentInstrument, InstrumentForm, RatingScale, ReservedAction, VocabularyTerm
from lms.curriculum.values import scale_of

MOST_KEPT = 1000
"""Scales that a process keeps at most."""
RESERVED_ACTIONS = "reserved_actions"
INSTRUMENTS = "instruments"


def latest_scales(session: Session) -> dict[str, RatingScale]:
    """Return the newest version of every scale by key, with its levels."""
    scales = session.scalars(
        select(RatingScale)
        .ext(distinct_on(RatingScale.key))
        .options(selectinload(RatingScale.levels))
        .order_by(RatingScale.key, RatingScale.version.desc())
    )
    return {scale.key: scale for scale in scales}


def latest_scale(session: Session, key: str) -> RatingScale | None:
    """Return the newest version of a scale with its levels, or None for an unknown key."""
    return session.scalars(
        select(RatingScale)
        .where(RatingScale.key == key)
        .options(selectinload(RatingScale.levels))
        .order_by(RatingScale.version.desc())
        .limit(1)
    ).first()


def scales_by_id(session: Session, ids: Collection[UUID]) -> dict[UUID, RatingScale]:
    """Return those scales by id, with their levels; one statement, and none for no scale."""
    if not ids:
        return {}
    scales = session.scalars(select(RatingScale).where(RatingScale.id.in_(ids)).options(joinedload(RatingScale.levels)))
    return {scale.id: scale for scale in scales.unique()}


_kept_scales: dict[UUID, Scale] = {}


def scale_values(session: Session, ids: Collection[UUID]) -> Mapping[UUID, Scale]:
    """Return those scales as values by id; no statement for those that were asked before in this process.

    They are kept, as a version of a scale never changes: other words are another version.
    """
    unknown = {key for key in ids if key not in _kept_scales}
    loaded = {key: scale_of(row) for key, row in scales_by_id(session, unknown).items()}
    found = {key: loaded.get(key) or _kept_scales[key] for key in ids}
    if len(_kept_scales) + len(loaded) > MOST_KEPT:
        _kept_scales.clear()
    _kept_scales.update(loaded)
    return found


def instruments(session: Session) -> dict[str, AssessmentInstrument]:
    """Return every instrument by key, in the order of the vocabulary."""
    found = session.scalars(select(AssessmentInstrument).order_by(AssessmentInstrument.position))
    return {instrument.key: instrument for instrument in found}


def instrument_forms(session: Session) -> Sequence[InstrumentForm]:
    """Return every version of the form of every instrument, by instrument and version."""
    in_order = (InstrumentForm.instrument_key, InstrumentForm.version)
    return session.scalars(select(InstrumentForm).order_by(*in_order)).all()


def latest_form(session: Session, instrument: str) -> InstrumentForm | None:
    """Return the newest version of the form of an instrument, or None where it asks for its result and words only."""
    newest = InstrumentForm.version.desc()
    return session.scalars(
        select(InstrumentForm).where(InstrumentForm.instrument_key == instrument).order_by(newest).limit(1)
    ).first()


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The words for the keys that programmes use, by kind and key."""

    titles: Mapping[tuple[str, str], Words]

    def title(self, kind: str, key: str) -> Words:
        """Return the words for a key by language."""
        return self.titles[kind, key]

    def of_kind(self, kind: str) -> list[tuple[str, Words]]:
        """Return all keys of a kind with their words, by key."""
        return [(key, title) for (own, key), title in sorted(self.titles.items(), key=_name) if own == kind]


def _name(term: tuple[tuple[str, str], Words]) -> tuple[str, str]:
    return term[0]


def vocabulary(session: Session) -> Vocabulary:
    """Return the words of every kind in one statement, those of instruments and reserved actions among them."""
    return Vocabulary({(word.kind, word.key): word.title for word in words(session)})


class Word(NamedTuple):
    """A key that programmes use, with its kind, its title and what else it says."""

    kind: str
    key: str
    title: Words
    more: Mapping[str, Any]


def words(session: Session) -> Sequence[Word]:
    """Return every key that programmes use with all that it means, in one statement."""
    return [Word(row.kind, row.key, row.title, row.more) for row in session.execute(_words())]


@cache
def _words() -> CompoundSelect[*tuple[Any, ...]]:
    nothing = cast({}, JSON_VALUE).label("more")
    return select(VocabularyTerm.kind, VocabularyTerm.key, VocabularyTerm.title, nothing).union_all(
        select(literal(INSTRUMENTS), AssessmentInstrument.key, AssessmentInstrument.title, _more(*_OF_INSTRUMENTS)),
        select(literal(RESERVED_ACTIONS), ReservedAction.key, ReservedAction.title, _more(*_OF_ACTIONS)),
    )


_OF_INSTRUMENTS = (
    AssessmentInstrument.meaning,
    AssessmentInstrument.result,
    AssessmentInstrument.scale_key,
    AssessmentInstrument.direct_observation,
)
_OF_ACTIONS = (ReservedAction.order_required, ReservedAction.confirm)


def _more(*columns: InstrumentedAttribute[Any]) -> ColumnElement[Any]:
    """Return columns as one JSON map by their names."""
    pairs = [part for column in columns for part in (literal(column.key), column)]
    return func.jsonb_build_object(*pairs, type_=JSON_VALUE)


def reserved_actions(session: Session) -> Sequence[ReservedAction]:
    """Return every reserved action, in the order of the vocabulary."""
    return session.scalars(select(ReservedAction).order_by(ReservedAction.position)).all()
