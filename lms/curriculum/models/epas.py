"""The EPAs of a programme version, with what each expects at a stage and names of frameworks."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from competencies.curricula import EpaType, Provenance
from lms.core.db import Base, Key, Words, one_of
from lms.curriculum.models.frameworks import CompetencyDomain
from lms.curriculum.models.in_full import IN_FULL
from lms.curriculum.models.programmes import ProgrammeVersion, Stage
from lms.curriculum.models.scales import RatingScale, ScaleLevel

if TYPE_CHECKING:
    from lms.curriculum.models.requirements import EpaRequirement


class EpaDemand(StrEnum):
    """Whether a programme asks for an EPA of another programme or offers it."""

    REQUIRED = "required"
    OPTIONAL = "optional"


class Epa(Base):
    """An EPA with the eight parts of its full description (see competencies/README.md).

    Every EPA is rated on a scale but a cross-EPA learning activity, which has no levels. An EPA can be nested in
    another one of the same version (`parent_key`). A null list or map is one that the file leaves out.
    """

    __tablename__ = "epas"

    id: Mapped[Key]
    programme_version_id: Mapped[UUID] = mapped_column(ForeignKey("programme_versions.id"))
    key: Mapped[str]
    parent_key: Mapped[str | None]
    position: Mapped[int]
    official_code: Mapped[str | None]
    local_code: Mapped[str | None]
    version: Mapped[str]
    adopted: Mapped[str | None]
    title: Mapped[Words]
    type: Mapped[EpaType] = mapped_column(one_of(EpaType, "epa_type"))
    tracks: Mapped[list[str]]
    functions: Mapped[list[str]]
    function_transcending: Mapped[bool]
    level_tag: Mapped[str | None]
    provenance: Mapped[Provenance] = mapped_column(one_of(Provenance, "provenance"))
    provenance_by_field: Mapped[dict[str, Any]]
    sources: Mapped[list[str]]
    note: Mapped[str | None]
    specification: Mapped[Words] = mapped_column(**IN_FULL)
    activities: Mapped[dict[str, Any] | None] = mapped_column(**IN_FULL)
    limitations: Mapped[Words] = mapped_column(**IN_FULL)
    scope: Mapped[list[Any]]
    risks: Mapped[Words] = mapped_column(**IN_FULL)
    knowledge: Mapped[dict[str, Any]] = mapped_column(**IN_FULL)
    skills: Mapped[dict[str, Any]] = mapped_column(**IN_FULL)
    attitudes: Mapped[dict[str, Any]] = mapped_column(**IN_FULL)
    experience: Mapped[dict[str, Any]] = mapped_column(**IN_FULL)
    information_sources: Mapped[dict[str, Any]] = mapped_column(**IN_FULL)
    entry_requirements: Mapped[list[Any] | None] = mapped_column(**IN_FULL)
    study_load: Mapped[dict[str, Any] | None] = mapped_column(**IN_FULL)
    scale_id: Mapped[UUID | None] = mapped_column(ForeignKey("scales.id"))
    validity: Mapped[dict[str, Any] | None]
    reserved_actions: Mapped[list[str]]

    programme_version: Mapped[ProgrammeVersion] = relationship(lazy="raise", back_populates="epas")
    scale: Mapped[RatingScale | None] = relationship(lazy="raise")
    competencies: Mapped[list[EpaCompetency]] = relationship(
        lazy="raise", order_by="EpaCompetency.position", back_populates="epa"
    )
    required_levels: Mapped[list[RequiredLevel]] = relationship(lazy="raise", order_by="RequiredLevel.position")
    requirements: Mapped[list[EpaRequirement]] = relationship(lazy="raise", order_by="EpaRequirement.position")

    __table_args__ = (
        UniqueConstraint("programme_version_id", "key"),
        UniqueConstraint("programme_version_id", "position"),
        ForeignKeyConstraint(
            ["programme_version_id", "parent_key"],
            ["epas.programme_version_id", "epas.key"],
            deferrable=True,
            initially="DEFERRED",
        ),
        CheckConstraint("num_nonnulls(official_code, local_code) >= 1", name="has_code"),
        CheckConstraint("(scale_id IS NULL) = (type = 'cross_epa')", name="scale_unless_cross_epa"),
    )


class RequiredLevel(Base):
    """The level expected of an EPA at a stage; the last one is the level of the declaration."""

    __tablename__ = "required_levels"

    epa_id: Mapped[UUID] = mapped_column(ForeignKey("epas.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    stage_id: Mapped[UUID] = mapped_column(ForeignKey("stages.id"))
    scale_id: Mapped[UUID]
    level_code: Mapped[str]

    stage: Mapped[Stage] = relationship(lazy="raise")
    level: Mapped[ScaleLevel] = relationship(lazy="raise")

    __table_args__ = (
        UniqueConstraint("epa_id", "stage_id"),
        ForeignKeyConstraint(["scale_id", "level_code"], ["scale_levels.scale_id", "scale_levels.code"]),
    )


class EpaCompetency(Base):
    """A competency domain that is among the most relevant for an EPA, or one element of that domain."""

    __tablename__ = "epa_competencies"

    epa_id: Mapped[UUID] = mapped_column(ForeignKey("epas.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    domain_id: Mapped[UUID] = mapped_column(ForeignKey("competency_domains.id"), index=True)
    element_key: Mapped[str | None]

    epa: Mapped[Epa] = relationship(lazy="raise", back_populates="competencies")
    domain: Mapped[CompetencyDomain] = relationship(lazy="raise")


class EpaReference(Base):
    """An EPA of another programme that this version uses."""

    __tablename__ = "epa_references"

    id: Mapped[Key]
    programme_version_id: Mapped[UUID] = mapped_column(ForeignKey("programme_versions.id"))
    position: Mapped[int]
    epa_id: Mapped[UUID] = mapped_column(ForeignKey("epas.id"))
    requirement: Mapped[EpaDemand] = mapped_column(one_of(EpaDemand, "requirement"))
    required_levels: Mapped[list[Any]]
    provenance: Mapped[Provenance] = mapped_column(one_of(Provenance, "provenance"))

    epa: Mapped[Epa] = relationship(lazy="raise")

    __table_args__ = (UniqueConstraint("programme_version_id", "epa_id"),)
