"""Programmes as they were loaded: every version whole, and never changed afterwards."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from competencies.curricula import ProgrammeKind, ProgrammeStatus, Provenance
from lms.core.db import Base, Key, Words, one_of
from lms.curriculum.models.frameworks import Framework
from lms.curriculum.models.in_full import IN_FULL
from lms.curriculum.models.scales import RatingScale

if TYPE_CHECKING:
    from lms.curriculum.models.epas import Epa, EpaReference
    from lms.curriculum.models.forms import AssessmentForm


class Programme(Base):
    """A programme through all its versions."""

    __tablename__ = "programmes"

    id: Mapped[Key]
    key: Mapped[str] = mapped_column(unique=True)


class ProgrammeVersion(Base):
    """One version of a programme, exactly as it was loaded; never changed afterwards.

    `requirement_scales` keeps, by instrument, the scale that the minimum levels of its stages and completion are on.
    """

    __tablename__ = "programme_versions"

    id: Mapped[Key]
    programme_id: Mapped[UUID] = mapped_column(ForeignKey("programmes.id"))
    version: Mapped[str]
    status: Mapped[ProgrammeStatus] = mapped_column(one_of(ProgrammeStatus, "programme_status"))
    kind: Mapped[ProgrammeKind] = mapped_column(one_of(ProgrammeKind, "programme_kind"))
    title: Mapped[Words]
    short_title: Mapped[Words]
    summary: Mapped[Words]
    audience: Mapped[Words | None]
    provenance: Mapped[Provenance] = mapped_column(one_of(Provenance, "provenance"))
    provenance_by_field: Mapped[dict[str, Any]]
    sources: Mapped[list[str]]
    note: Mapped[str | None]
    default_scale_id: Mapped[UUID] = mapped_column(ForeignKey("scales.id"))
    details: Mapped[dict[str, Any]]
    entry_requirements: Mapped[list[Any]] = mapped_column(**IN_FULL)
    exemptions: Mapped[list[Any]] = mapped_column(**IN_FULL)
    phases: Mapped[list[Any]] = mapped_column(**IN_FULL)
    placements: Mapped[list[Any]] = mapped_column(**IN_FULL)
    contexts: Mapped[list[Any] | None] = mapped_column(**IN_FULL)
    completion: Mapped[list[Any]] = mapped_column(**IN_FULL)
    modules: Mapped[list[Any]] = mapped_column(**IN_FULL)
    learning_activities: Mapped[list[Any]] = mapped_column(**IN_FULL)
    cohort_plan: Mapped[dict[str, Any] | None] = mapped_column(**IN_FULL)
    crosswalk: Mapped[list[Any]] = mapped_column(**IN_FULL)
    source_urls: Mapped[dict[str, Any]] = mapped_column(**IN_FULL)
    requirement_scales: Mapped[dict[str, Any] | None] = mapped_column(**IN_FULL)
    content_hash: Mapped[bytes]
    loaded_at: Mapped[datetime]

    programme: Mapped[Programme] = relationship(lazy="raise")
    default_scale: Mapped[RatingScale] = relationship(lazy="raise")
    stages: Mapped[list[Stage]] = relationship(
        lazy="raise", order_by="Stage.position", back_populates="programme_version"
    )
    epas: Mapped[list[Epa]] = relationship(lazy="raise", order_by="Epa.position", back_populates="programme_version")
    epa_references: Mapped[list[EpaReference]] = relationship(lazy="raise", order_by="EpaReference.position")
    forms: Mapped[list[AssessmentForm]] = relationship(lazy="raise", order_by="AssessmentForm.position")
    frameworks: Mapped[list[Framework]] = relationship(
        lazy="raise", order_by="Framework.position", back_populates="programme_version"
    )

    __table_args__ = (UniqueConstraint("programme_id", "version"),)


class Stage(Base):
    """A moment of the programme at which a level is expected, and what it asks beside the EPAs; null is not said."""

    __tablename__ = "stages"

    id: Mapped[Key]
    programme_version_id: Mapped[UUID] = mapped_column(ForeignKey("programme_versions.id"))
    key: Mapped[str]
    position: Mapped[int]
    title: Mapped[Words]
    provenance: Mapped[Provenance] = mapped_column(one_of(Provenance, "provenance"))
    requirements: Mapped[list[Any] | None]

    programme_version: Mapped[ProgrammeVersion] = relationship(lazy="raise", back_populates="stages")

    __table_args__ = (
        UniqueConstraint("programme_version_id", "key"),
        UniqueConstraint("programme_version_id", "position"),
    )
