"""The words and instruments that all programmes share, and the shared files as they were last loaded."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Mapped, mapped_column

from competencies.curricula import Provenance, ResultKind
from lms.core.db import Base, Key, Words, one_of


class CatalogueFile(Base):
    """A file that the programmes share (the scales, the vocabulary), as it was last loaded.

    `shipped` is the file that came with the product last: people may have loaded another since, which stays.
    """

    __tablename__ = "catalogue_files"

    id: Mapped[Key]
    name: Mapped[str] = mapped_column(unique=True)
    source_urls: Mapped[dict[str, Any]]
    content_hash: Mapped[bytes]
    loaded_at: Mapped[datetime]
    shipped: Mapped[dict[str, Any] | None] = mapped_column(deferred=True)


class VocabularyTerm(Base):
    """The words for a key that programmes use, such as a session format or a function, by its kind."""

    __tablename__ = "vocabulary_terms"

    kind: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    position: Mapped[int]
    title: Mapped[Words]


class AssessmentInstrument(Base):
    """A kind of assessment: what it results in, and on which scale."""

    __tablename__ = "instruments"

    key: Mapped[str] = mapped_column(primary_key=True)
    position: Mapped[int]
    title: Mapped[Words]
    meaning: Mapped[Words]
    result: Mapped[ResultKind] = mapped_column(one_of(ResultKind, "result_kind"))
    scale_key: Mapped[str | None]
    direct_observation: Mapped[bool]
    provenance: Mapped[Provenance] = mapped_column(one_of(Provenance, "provenance"))


class ReservedAction(Base):
    """An action reserved by law to authorised professions (Wet BIG)."""

    __tablename__ = "reserved_actions"

    key: Mapped[str] = mapped_column(primary_key=True)
    position: Mapped[int]
    title: Mapped[Words]
    order_required: Mapped[bool]
    confirm: Mapped[bool]
    provenance: Mapped[Provenance] = mapped_column(one_of(Provenance, "provenance"))
