"""The forms of instruments that all programmes share, and those of a programme version."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from competencies.curricula import Provenance
from competencies.scales import Direction
from lms.core.db import Base, Key, Words, one_of
from lms.curriculum.models.scales import RatingScale
from lms.curriculum.models.vocabulary import AssessmentInstrument


class InstrumentForm(Base):
    """One version of the form of an instrument, which never changes: its direction, what it asks beside the result."""

    __tablename__ = "instrument_forms"

    id: Mapped[Key]
    instrument_key: Mapped[str] = mapped_column(ForeignKey("instruments.key"))
    version: Mapped[int]
    direction: Mapped[Direction] = mapped_column(one_of(Direction, "direction"))
    items: Mapped[list[Any]]
    provenance: Mapped[Provenance] = mapped_column(one_of(Provenance, "provenance"))

    __table_args__ = (
        UniqueConstraint("instrument_key", "version"),
        CheckConstraint("version >= 1", name="version_positive"),
    )


class AssessmentForm(Base):
    """A form of an instrument: what the assessor looks at, and for feedback rounds who answers."""

    __tablename__ = "assessment_forms"

    id: Mapped[Key]
    programme_version_id: Mapped[UUID] = mapped_column(ForeignKey("programme_versions.id"))
    position: Mapped[int]
    key: Mapped[str]
    title: Mapped[Words]
    instrument_key: Mapped[str] = mapped_column(ForeignKey("instruments.key"))
    scale_id: Mapped[UUID | None] = mapped_column(ForeignKey("scales.id"))
    items: Mapped[list[Any]]
    rater_groups: Mapped[list[Any]]
    release_rule: Mapped[dict[str, Any] | None]
    duration_min: Mapped[int | None]
    provenance: Mapped[Provenance] = mapped_column(one_of(Provenance, "provenance"))
    sources: Mapped[list[str]]
    note: Mapped[str | None]

    instrument: Mapped[AssessmentInstrument] = relationship(lazy="raise")
    scale: Mapped[RatingScale | None] = relationship(lazy="raise")

    __table_args__ = (UniqueConstraint("programme_version_id", "key"),)
