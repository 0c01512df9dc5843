"""The search index: what can be found, as it is shown and as it is looked through."""

from __future__ import annotations

from enum import StrEnum
from uuid import UUID

from sqlalchemy import Computed, ForeignKey, Index, Text
from sqlalchemy.dialects.postgresql import ARRAY, TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column

from lms.core.db import Base, Words, one_of


class EntryKind(StrEnum):
    """What an entry is about; results are grouped by it, in this order."""

    PROGRAMME = "programme"
    EPA = "epa"
    COMPETENCY = "competency"
    PACKAGE = "package"


def _lexemes(language: str) -> Computed:
    """Return the words of an entry in a language, stemmed and as they are; the title weighs most, then the summary.

    It is written as PostgreSQL says it back, so that comparing the tables with the models finds no difference.
    """
    parts = [
        f"""setweight(to_tsvector('{dictionary}'::regconfig, {language}_{part}), '{weight}'::"char")"""
        for part, weight in (("title", "A"), ("summary", "B"), ("text", "C"))
        for dictionary in (language, "simple")
    ]
    return Computed(" || ".join(parts), persisted=True)


class SearchEntry(Base):
    """A programme, an EPA or a competency of one version, or a framework package; `target_id` is what it is about.

    `title`, `place` and `passages` are shown; the texts per language are the same words folded (see `folding`), and the
    lexemes are made of them by the database, so they cannot differ. A shared framework has no version. A package has a
    place (`place_id`), whose people find it; unless it is open, nobody else does.
    """

    __tablename__ = "search_entries"

    target_id: Mapped[UUID] = mapped_column(primary_key=True)
    kind: Mapped[EntryKind] = mapped_column(one_of(EntryKind, "entry_kind"))
    programme_version_id: Mapped[UUID | None] = mapped_column(ForeignKey("programme_versions.id"), index=True)
    place_id: Mapped[UUID | None]
    is_open: Mapped[bool]
    code: Mapped[str | None]
    title: Mapped[Words]
    place: Mapped[Words]
    passages: Mapped[Words]
    code_parts: Mapped[list[str]] = mapped_column(ARRAY(Text))
    dutch_title: Mapped[str]
    dutch_summary: Mapped[str]
    dutch_text: Mapped[str]
    english_title: Mapped[str]
    english_summary: Mapped[str]
    english_text: Mapped[str]
    codes: Mapped[str] = mapped_column(TSVECTOR, Computed("array_to_tsvector(code_parts)", persisted=True))
    dutch: Mapped[str] = mapped_column(TSVECTOR, _lexemes("dutch"))
    english: Mapped[str] = mapped_column(TSVECTOR, _lexemes("english"))

    __table_args__ = (
        Index("ix_search_entries_codes", "codes", postgresql_using="gin"),
        Index("ix_search_entries_dutch", "dutch", postgresql_using="gin"),
        Index("ix_search_entries_english", "english", postgresql_using="gin"),
    )


def _stem(language: str) -> Computed:
    """Return the stem of a word in a language, or nothing for a word that says nothing."""
    return Computed(f"(ts_lexize('{language}_stem'::regdictionary, word))[1]", persisted=True)


class SearchWord(Base):
    """A word that occurs in the index, folded and as it is written, with its stems.

    A mistyped word is compared with these, and what of a text has the stem of a word that was asked for is marked.
    """

    __tablename__ = "search_words"

    word: Mapped[str] = mapped_column(primary_key=True)
    written: Mapped[str]
    dutch_stem: Mapped[str | None] = mapped_column(_stem("dutch"), index=True)
    english_stem: Mapped[str | None] = mapped_column(_stem("english"), index=True)
