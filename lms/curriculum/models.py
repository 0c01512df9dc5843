"""Programmes as they were loaded: every version whole, with its stages, EPAs, requirements and frameworks."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from competencies.curricula import EpaType, ProgrammeKind, ProgrammeStatus, Provenance, ResultKind
from lms.core.db import Base, Key, Words, one_of

IN_FULL: Any = {"deferred": True, "deferred_group": "in_full"}
"""For the long texts of programmes and EPAs: only what shows them whole asks for them (`undefer_group("in_full")`)."""


class EpaDemand(StrEnum):
    """Whether a programme asks for an EPA of another programme or offers it."""

    REQUIRED = "required"
    OPTIONAL = "optional"


class CatalogueFile(Base):
    """A file that the programmes share (the scales, the vocabulary), as it was last loaded."""

    __tablename__ = "catalogue_files"

    id: Mapped[Key]
    name: Mapped[str] = mapped_column(unique=True)
    source_urls: Mapped[dict[str, Any]]
    content_hash: Mapped[bytes]
    loaded_at: Mapped[datetime]


class VocabularyTerm(Base):
    """The words for a key that programmes use, such as a session format or a function, by its kind."""

    __tablename__ = "vocabulary_terms"

    kind: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    position: Mapped[int]
    title: Mapped[Words]


class RatingScale(Base):
    """One version of a rating scale; a new wording is a new version."""

    __tablename__ = "scales"

    id: Mapped[Key]
    key: Mapped[str]
    version: Mapped[int]
    position: Mapped[int]
    title: Mapped[Words]
    kind: Mapped[str]
    entrusted_from: Mapped[str | None]
    set_by: Mapped[list[str]]
    questions: Mapped[dict[str, Any]]
    parent_scale: Mapped[str | None]
    provenance: Mapped[Provenance] = mapped_column(one_of(Provenance, "provenance"))
    provenance_by_field: Mapped[dict[str, Any]]
    sources: Mapped[list[str]]
    note: Mapped[str | None]
    content_hash: Mapped[bytes]

    levels: Mapped[list[ScaleLevel]] = relationship(lazy="raise", order_by="ScaleLevel.rank", back_populates="scale")

    __table_args__ = (UniqueConstraint("key", "version"),)


class ScaleLevel(Base):
    """One level of a scale; levels compare by rank within their scale and by nothing else."""

    __tablename__ = "scale_levels"

    scale_id: Mapped[UUID] = mapped_column(ForeignKey("scales.id"), primary_key=True)
    code: Mapped[str] = mapped_column(primary_key=True)
    rank: Mapped[int]
    title: Mapped[Words]
    meaning: Mapped[Words]
    entrusted: Mapped[bool]
    parent_code: Mapped[str | None]
    group_title: Mapped[Words | None]

    scale: Mapped[RatingScale] = relationship(lazy="raise", back_populates="levels")

    __table_args__ = (UniqueConstraint("scale_id", "rank"), CheckConstraint("rank > 0", name="rank_positive"))


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


class Programme(Base):
    """A programme through all its versions."""

    __tablename__ = "programmes"

    id: Mapped[Key]
    key: Mapped[str] = mapped_column(unique=True)


class ProgrammeVersion(Base):
    """One version of a programme, exactly as it was loaded; never changed afterwards."""

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
    completion: Mapped[list[Any]] = mapped_column(**IN_FULL)
    modules: Mapped[list[Any]] = mapped_column(**IN_FULL)
    learning_activities: Mapped[list[Any]] = mapped_column(**IN_FULL)
    cohort_plan: Mapped[dict[str, Any] | None] = mapped_column(**IN_FULL)
    crosswalk: Mapped[list[Any]] = mapped_column(**IN_FULL)
    source_urls: Mapped[dict[str, Any]] = mapped_column(**IN_FULL)
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
    frameworks: Mapped[list[Framework]] = relationship(lazy="raise", order_by="Framework.position")

    __table_args__ = (UniqueConstraint("programme_id", "version"),)


class Stage(Base):
    """A moment of the programme at which a level is expected."""

    __tablename__ = "stages"

    id: Mapped[Key]
    programme_version_id: Mapped[UUID] = mapped_column(ForeignKey("programme_versions.id"))
    key: Mapped[str]
    position: Mapped[int]
    title: Mapped[Words]
    provenance: Mapped[Provenance] = mapped_column(one_of(Provenance, "provenance"))

    programme_version: Mapped[ProgrammeVersion] = relationship(lazy="raise", back_populates="stages")

    __table_args__ = (
        UniqueConstraint("programme_version_id", "key"),
        UniqueConstraint("programme_version_id", "position"),
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


class Epa(Base):
    """An EPA with the eight parts of its full description (see competencies/README.md).

    Every EPA is rated on a scale but a cross-EPA learning activity, which has no levels.
    """

    __tablename__ = "epas"

    id: Mapped[Key]
    programme_version_id: Mapped[UUID] = mapped_column(ForeignKey("programme_versions.id"))
    key: Mapped[str]
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
    scale_id: Mapped[UUID | None] = mapped_column(ForeignKey("scales.id"))
    validity: Mapped[dict[str, Any] | None]
    reserved_actions: Mapped[list[str]]

    programme_version: Mapped[ProgrammeVersion] = relationship(lazy="raise", back_populates="epas")
    scale: Mapped[RatingScale | None] = relationship(lazy="raise")
    competencies: Mapped[list[EpaCompetency]] = relationship(lazy="raise", order_by="EpaCompetency.position")
    required_levels: Mapped[list[RequiredLevel]] = relationship(lazy="raise", order_by="RequiredLevel.position")
    requirements: Mapped[list[EpaRequirement]] = relationship(lazy="raise", order_by="EpaRequirement.position")

    __table_args__ = (
        UniqueConstraint("programme_version_id", "key"),
        UniqueConstraint("programme_version_id", "position"),
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


class EpaRequirement(Base):
    """One requirement on the evidence for an EPA; all must hold for a declaration.

    `scale` is the one its minimum level is on: of the EPA, or of the instrument; none where nothing is rated.
    """

    __tablename__ = "epa_requirements"

    id: Mapped[Key]
    epa_id: Mapped[UUID] = mapped_column(ForeignKey("epas.id"))
    position: Mapped[int]
    instrument_key: Mapped[str] = mapped_column(ForeignKey("instruments.key"))
    form_id: Mapped[UUID | None] = mapped_column(ForeignKey("assessment_forms.id"))
    form_key: Mapped[str | None]
    min_count: Mapped[int]
    min_assessors: Mapped[int]
    scale_id: Mapped[UUID | None] = mapped_column(ForeignKey("scales.id"))
    min_level: Mapped[str | None]
    stage_key: Mapped[str | None]
    conditions: Mapped[dict[str, int] | None]

    instrument: Mapped[AssessmentInstrument] = relationship(lazy="raise")
    form: Mapped[AssessmentForm | None] = relationship(lazy="raise")
    scale: Mapped[RatingScale | None] = relationship(lazy="raise")

    __table_args__ = (
        UniqueConstraint("epa_id", "position"),
        CheckConstraint("min_count > 0 AND min_assessors >= 0", name="counts"),
        CheckConstraint("(form_id IS NULL) = (form_key IS NULL)", name="form_whole"),
        CheckConstraint("min_level IS NULL OR scale_id IS NOT NULL", name="minimum_on_scale"),
        ForeignKeyConstraint(["scale_id", "min_level"], ["scale_levels.scale_id", "scale_levels.code"]),
    )


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


class EpaCompetency(Base):
    """A competency domain that is among the most relevant for an EPA."""

    __tablename__ = "epa_competencies"

    epa_id: Mapped[UUID] = mapped_column(ForeignKey("epas.id"), primary_key=True)
    domain_id: Mapped[UUID] = mapped_column(ForeignKey("competency_domains.id"), primary_key=True)
    position: Mapped[int]

    domain: Mapped[CompetencyDomain] = relationship(lazy="raise")
