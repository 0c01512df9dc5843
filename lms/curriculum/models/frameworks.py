"""Competency frameworks: of one programme version, or shared by all programmes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from competencies.curricula import Provenance
from lms.core.db import Base, Key, Words, one_of

if TYPE_CHECKING:
    from lms.curriculum.models.programmes import ProgrammeVersion


class Framework(Base):
    """A competency framework: of one programme version, or shared by all programmes where it has none."""

    __tablename__ = "frameworks"

    id: Mapped[Key]
    programme_version_id: Mapped[UUID | None] = mapped_column(ForeignKey("programme_versions.id"), index=True)
    position: Mapped[int]
    key: Mapped[str]
    version: Mapped[str]
    title: Mapped[Words]
    owner: Mapped[str | None]
    licence_note: Mapped[str | None]
    note: Mapped[str | None]
    dimensions: Mapped[list[Any]]
    levels: Mapped[list[Any]]
    provenance: Mapped[Provenance] = mapped_column(one_of(Provenance, "provenance"))
    sources: Mapped[list[str]]

    programme_version: Mapped[ProgrammeVersion | None] = relationship(lazy="raise", back_populates="frameworks")
    domains: Mapped[list[CompetencyDomain]] = relationship(
        lazy="raise", order_by="CompetencyDomain.position", back_populates="framework"
    )

    __table_args__ = (
        Index(
            "uq_frameworks_programme_version_id_key_version",
            "programme_version_id",
            "key",
            "version",
            unique=True,
            postgresql_nulls_not_distinct=True,
        ),
    )


class CompetencyDomain(Base):
    """A domain of a framework with its elements and indicators."""

    __tablename__ = "competency_domains"

    id: Mapped[Key]
    framework_id: Mapped[UUID] = mapped_column(ForeignKey("frameworks.id"))
    position: Mapped[int]
    key: Mapped[str]
    order_known: Mapped[bool]
    title: Mapped[Words]
    dimensions: Mapped[list[Any]]
    elements: Mapped[list[Any]]
    indicators: Mapped[list[Any]]
    provenance: Mapped[Provenance] = mapped_column(one_of(Provenance, "provenance"))
    sources: Mapped[list[str]]

    framework: Mapped[Framework] = relationship(lazy="raise", back_populates="domains")

    __table_args__ = (UniqueConstraint("framework_id", "key"),)
