"""What is found for a question: the best of each kind, in one statement."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, Float, Select, Subquery, case, cast, func, or_, select
from sqlalchemy.orm import Session

from lms.core.db import Words
from lms.curriculum.models import ProgrammeVersion
from lms.curriculum.queries.programmes import newest_versions
from lms.search.entries import LANGUAGES
from lms.search.models import EntryKind, SearchEntry
from lms.search.questions import Question

WEIGHTS = "{0.02, 0.05, 0.2, 1}"
"""What a word is worth in the rest of a text (the first is not used), in the summary and in the title."""
OTHER_LANGUAGE = 0.5
"""What a word is worth in the language that the reader does not read."""
MARK = "*"
"""What stands before and after a word that was asked for; the folded texts hold nothing but letters and numbers."""
MARKED = f"HighlightAll=true, StartSel={MARK}, StopSel={MARK}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """One thing that was found; `marked` are its words that were asked for, folded, by language."""

    kind: EntryKind
    target_id: UUID
    code: str | None
    title: Words
    place: Words
    passages: Words
    version: str | None
    is_newest: bool
    marked: Mapping[str, frozenset[str]]
    of_its_kind: int


def results(
    session: Session,
    question: Question,
    *,
    language: str,
    each: int,
    after: int = 0,
    kind: EntryKind | None = None,
    older: bool = False,
) -> Sequence[Result]:
    """Return the best `each` of each kind, or of that kind, after so many; by kind, of the newest version first."""
    ranked = _ranked(question, language, kind=kind, older=older).subquery()
    shown = (
        select(
            SearchEntry,
            ProgrammeVersion.version,
            ranked.c.is_newest,
            ranked.c.of_its_kind,
            *[_marked(question, *pair).label(pair[0]) for pair in LANGUAGES.items()],
        )
        .join(ranked, ranked.c.target_id == SearchEntry.target_id)
        .outerjoin(ProgrammeVersion, ProgrammeVersion.id == SearchEntry.programme_version_id)
        .where(ranked.c.place > after, ranked.c.place <= after + each)
        .order_by(_order_of_kinds(ranked), ranked.c.place)
    )
    return [
        Result(
            kind=row.SearchEntry.kind,
            target_id=row.SearchEntry.target_id,
            code=row.SearchEntry.code,
            title=row.SearchEntry.title,
            place=row.SearchEntry.place,
            passages=row.SearchEntry.passages,
            version=row.version,
            is_newest=row.is_newest,
            marked={one: _words_in(row[one]) for one in LANGUAGES},
            of_its_kind=row.of_its_kind,
        )
        for row in session.execute(shown).mappings()
    ]


def _ranked(question: Question, language: str, *, kind: EntryKind | None, older: bool) -> Select[UUID, bool, int, int]:
    """Select what matches with its place among those of its kind, and how many these are."""
    newest = or_(SearchEntry.programme_version_id.is_(None), SearchEntry.programme_version_id.in_(newest_versions()))
    best = (newest.desc(), _rank(question, language).desc(), SearchEntry.title["nl"].astext, SearchEntry.target_id)
    found = select(
        SearchEntry.target_id,
        SearchEntry.kind,
        newest.label("is_newest"),
        func.row_number().over(partition_by=SearchEntry.kind, order_by=best).label("place"),
        func.count().over(partition_by=SearchEntry.kind).label("of_its_kind"),
    ).where(_matches(question))
    if kind is not None:
        found = found.where(SearchEntry.kind == kind)
    return found if older else found.where(newest)


def _matches(question: Question) -> ColumnElement[bool]:
    return or_(
        SearchEntry.codes.op("@@")(question.as_code()),
        *[_lexemes(name).op("@@")(question.in_words_of(name)) for name in LANGUAGES.values()],
    )


def _rank(question: Question, language: str) -> ColumnElement[float]:
    """Return how well an entry matches: a code before words, words of the reader's language before others."""
    by_code = case(
        (SearchEntry.code_parts.contains([question.code]), 4.0),
        (SearchEntry.codes.op("@@")(question.as_code()), 2.0),
        else_=0.0,
    )
    by_words = [
        func.ts_rank(WEIGHTS, _lexemes(name), question.in_words_of(name)) * (1.0 if one == language else OTHER_LANGUAGE)
        for one, name in LANGUAGES.items()
    ]
    return by_code + cast(func.greatest(*by_words), Float)


def _lexemes(dictionary: str) -> ColumnElement[object]:
    column: ColumnElement[object] = getattr(SearchEntry, dictionary)
    return column


def _marked(question: Question, _language: str, dictionary: str) -> ColumnElement[str]:
    """Return the words of an entry in a language with marks around those that were asked for."""
    parts = [getattr(SearchEntry, f"{dictionary}_{part}") for part in ("title", "summary", "text")]
    whole = func.concat_ws(" ", *parts)
    return func.ts_headline(dictionary, whole, question.in_words_of(dictionary), MARKED)


def _words_in(marked: str) -> frozenset[str]:
    return frozenset(marked.split(MARK)[1::2])


def _order_of_kinds(ranked: Subquery) -> ColumnElement[int]:
    return case({kind.value: place for place, kind in enumerate(EntryKind)}, value=ranked.c.kind)
