"""What is found for a question: the best of each kind, in one statement."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from operator import add
from typing import Any
from uuid import UUID

from sqlalchemy import (
    CTE,
    REAL,
    ColumnElement,
    Float,
    Integer,
    Select,
    Subquery,
    case,
    cast,
    func,
    literal,
    or_,
    select,
    true,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session

from lms.core.db import Words
from lms.curriculum.models import ProgrammeVersion
from lms.curriculum.queries.programmes import newest_versions
from lms.search.entries import LANGUAGES
from lms.search.models import EntryKind, SearchEntry
from lms.search.questions import Question

WEIGHTS = cast([0.02, 0.05, 0.2, 1.0], ARRAY(REAL))
"""What a word is worth in the rest of a text (the first is not used), in the summary and in the title."""
OTHER_LANGUAGE = 0.5
"""What a word is worth in the language that the reader does not read."""
SHOWN = (
    SearchEntry.kind,
    SearchEntry.target_id,
    SearchEntry.code,
    SearchEntry.title,
    SearchEntry.place.label("belongs_to"),
    SearchEntry.passages,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """One thing that was found, with the number of all that are of its kind, and of the words that it has."""

    kind: EntryKind
    target_id: UUID
    code: str | None
    title: Words
    place: Words
    passages: Words
    version: str | None
    is_newest: bool
    of_its_kind: int
    matched: int


def results(
    session: Session,
    question: Question,
    *,
    language: str,
    each: int,
    after: int = 0,
    kind: EntryKind | None = None,
    older: bool = False,
    every: bool = True,
    scope: ColumnElement[bool],
) -> Sequence[Result]:
    """Return the best `each` of each kind, or of that kind, after so many; by kind, of the newest version first.

    Each has every word that was asked for; or else each has as many of them as anything has. `scope` says what the
    reader may find.
    """
    ranked = _ranked(question, language, kind=kind, older=older, every=every, scope=scope).subquery()
    shown = (
        select(
            *SHOWN,
            ProgrammeVersion.version,
            ranked.c.is_newest,
            ranked.c.of_its_kind,
            ranked.c.matched,
        )
        .join(ranked, ranked.c.target_id == SearchEntry.target_id)
        .outerjoin(ProgrammeVersion, ProgrammeVersion.id == SearchEntry.programme_version_id)
        .where(ranked.c.place > after, ranked.c.place <= after + each)
        .order_by(_order_of_kinds(ranked), ranked.c.place)
    )
    return [
        Result(
            kind=row.kind,
            target_id=row.target_id,
            code=row.code,
            title=row.title,
            place=row.belongs_to,
            passages=row.passages,
            version=row.version,
            is_newest=row.is_newest,
            of_its_kind=row.of_its_kind,
            matched=row.matched,
        )
        for row in session.execute(shown)
    ]


def _ranked(
    question: Question,
    language: str,
    *,
    kind: EntryKind | None,
    older: bool,
    every: bool,
    scope: ColumnElement[bool],
) -> Select[Any, Any, Any, Any, Any]:
    """Select what matches with its place among those of its kind, how many these are, and how many words it has."""
    found = _found(question, language, kind=kind, older=older, every=every, scope=scope).subquery()
    best = (found.c.is_newest.desc(), found.c.rank.desc(), found.c.dutch_title, found.c.target_id)
    return select(
        found.c.target_id,
        found.c.kind,
        found.c.is_newest,
        found.c.matched,
        func.row_number().over(partition_by=found.c.kind, order_by=best).label("place"),
        func.count().over(partition_by=found.c.kind).label("of_its_kind"),
    ).where(found.c.matched == found.c.most)


def _found(
    question: Question,
    language: str,
    *,
    kind: EntryKind | None,
    older: bool,
    every: bool,
    scope: ColumnElement[bool],
) -> Select[Any, Any, Any, Any, Any, Any, Any]:
    asked = _asked(question, every=every)
    versions = newest_versions().cte()
    newest = or_(
        SearchEntry.programme_version_id.is_(None), SearchEntry.programme_version_id.in_(select(versions.c.id))
    )
    matched = literal(len(question.words)) if every else _matched(question, asked)
    found = (
        select(
            SearchEntry.target_id,
            SearchEntry.kind,
            newest.label("is_newest"),
            matched.label("matched"),
            func.max(matched).over().label("most"),
            _rank(question, asked, language).label("rank"),
            SearchEntry.title["nl"].astext.label("dutch_title"),
        )
        .join(asked, true())
        .where(or_(*[_lexemes(name).op("@@")(asked.c[name]) for name in ("codes", *LANGUAGES.values())]), scope)
    )
    if kind is not None:
        found = found.where(SearchEntry.kind == kind)
    return found if older else found.where(newest)


def _asked(question: Question, *, every: bool) -> CTE:
    """Return the question in the words of each language and as a code, worked out once and not for every row."""
    in_words = [question.in_words_of(name, every=every).label(name) for name in LANGUAGES.values()]
    one_by_one = [
        question.word_in(name, place).label(f"{name}_{place}")
        for name in LANGUAGES.values()
        for place in range(0 if every else len(question.words))
    ]
    return select(question.as_code().label("codes"), *in_words, *one_by_one).cte("asked").prefix_with("MATERIALIZED")


def _matched(question: Question, asked: CTE) -> ColumnElement[int]:
    """Return how many of the words an entry has, in whatever language."""
    return reduce(
        add,
        (
            cast(or_(*[_lexemes(name).op("@@")(asked.c[f"{name}_{place}"]) for name in LANGUAGES.values()]), Integer)
            for place in range(len(question.words))
        ),
    )


def _rank(question: Question, asked: CTE, language: str) -> ColumnElement[float]:
    """Return how well an entry matches: a code before words, words of the reader's language before others."""
    by_code = case(
        (SearchEntry.code_parts.contains([question.code]), 4.0),
        (_lexemes("codes").op("@@")(asked.c.codes), 2.0),
        else_=0.0,
    )
    by_words = [
        func.ts_rank(WEIGHTS, _lexemes(name), asked.c[name]) * (1.0 if one == language else OTHER_LANGUAGE)
        for one, name in LANGUAGES.items()
    ]
    return by_code + cast(func.greatest(*by_words), Float)


def _lexemes(name: str) -> ColumnElement[object]:
    column: ColumnElement[object] = getattr(SearchEntry, name)
    return column


def _order_of_kinds(ranked: Subquery) -> ColumnElement[int]:
    return case({kind.value: place for place, kind in enumerate(EntryKind)}, value=ranked.c.kind)
