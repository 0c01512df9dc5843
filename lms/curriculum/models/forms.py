"""The forms of a programme version."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from competencies.curricula import Provenance
from lms.core.db import Base, Key, Words, one_of
from lms.curriculum.models.scales import RatingScale
from lms.curriculum.models.vocabulary import AssessmentInstrument


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
