"""Files that were handed in with their previews, and framework packages whole."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship
from sqlalchemy.util import immutabledict

from competencies.packages import NodeKind
from lms.accounts.models import User
from lms.core.db import Base, Key, one_of
from lms.curriculum.models import ProgrammeVersion
from lms.organisations.models import Alliance, Organisation


class ImportState(StrEnum):
    """How far an import is; what is refused, applied or given up stays so."""

    WAITING = "waiting"
    READING = "reading"
    READY = "ready"
    REFUSED = "refused"
    APPLYING = "applying"
    APPLIED = "applied"
    FAILED = "failed"

    @property
    def is_busy(self) -> bool:
        """Whether a worker has something to do for it."""
        return self in {ImportState.WAITING, ImportState.READING, ImportState.APPLYING}


class ImportPhase(StrEnum):
    """What a worker is doing with a file."""

    WAITING = "waiting"
    READING = "reading"
    COMPARING = "comparing"
    KEEPING = "keeping"
    STORING = "storing"

    @property
    def step(self) -> int:
        """Which step it is of the three that there are, the last of which differs; 0 before the first."""
        return min(list(ImportPhase).index(self), STEPS)


STEPS = 3


class ImportKind(StrEnum):
    """What a file holds; scales and the vocabulary are those of all programmes."""

    PROGRAMME = "programme"
    PACKAGE = "package"
    SCALES = "scales"
    VOCABULARY = "vocabulary"

    @property
    def is_shared(self) -> bool:
        """Whether it is for everybody, whoever handed it in."""
        return self in {ImportKind.SCALES, ImportKind.VOCABULARY}


class Change(StrEnum):
    """What an import does with one thing, or that it says something about it."""

    NEW = "new"
    CHANGED = "changed"
    REMOVED = "removed"
    UNCHANGED = "unchanged"
    PROBLEM = "problem"
    REMARK = "remark"


class Import(Base):
    """A file that somebody handed in for an organisation or an alliance, and what came of it.

    `base_hash` is what the preview was compared with; `language` is the one of the messages in it.
    """

    __tablename__ = "imports"

    id: Mapped[Key]
    organisation_id: Mapped[UUID | None] = mapped_column(ForeignKey("organisations.id"), index=True)
    alliance_id: Mapped[UUID | None] = mapped_column(ForeignKey("alliances.id"), index=True)
    uploaded_by_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    uploaded_at: Mapped[datetime]
    file_name: Mapped[str]
    size: Mapped[int]
    content: Mapped[bytes | None] = mapped_column(deferred=True)
    codec: Mapped[str]
    language: Mapped[str]
    state: Mapped[ImportState] = mapped_column(one_of(ImportState, "import_state"))
    kind: Mapped[ImportKind | None] = mapped_column(one_of(ImportKind, "import_kind"))
    title: Mapped[str | None]
    target_key: Mapped[str | None]
    base_hash: Mapped[bytes | None]
    base_changed: Mapped[bool] = mapped_column(default=False)
    counts: Mapped[dict[str, int]] = mapped_column(default=dict)
    applied_at: Mapped[datetime | None]
    result_id: Mapped[UUID | None]

    uploaded_by: Mapped[User] = relationship(lazy="raise")
    organisation: Mapped[Organisation | None] = relationship(lazy="raise")
    alliance: Mapped[Alliance | None] = relationship(lazy="raise")
    progress: Mapped[ImportProgress] = relationship(lazy="raise", cascade="all", passive_deletes=True)

    __table_args__ = (
        CheckConstraint("num_nonnulls(organisation_id, alliance_id) = 1", name="one_place"),
        CheckConstraint("(applied_at IS NULL) = (state <> 'applied')", name="applied_at_fits_state"),
        Index("ix_imports_uploaded_at", "uploaded_at"),
    )

    @property
    def place_id(self) -> UUID | None:
        """The organisation or alliance that it is for."""
        return self.organisation_id or self.alliance_id

    @property
    def compared_with(self) -> str:
        """What the preview was compared with, as the button under it says back; a word of its own for nothing."""
        return self.base_hash.hex() if self.base_hash else "nothing"


class ImportProgress(Base):
    """How far a worker is with an import: a row of its own, because that of the import is locked meanwhile.

    It is written outside of the transaction that does the work, so that people see it before that ends.
    """

    __tablename__ = "import_progress"

    import_id: Mapped[UUID] = mapped_column(ForeignKey("imports.id", ondelete="CASCADE"), primary_key=True)
    phase: Mapped[ImportPhase] = mapped_column(one_of(ImportPhase, "import_phase"), default=ImportPhase.WAITING)
    done: Mapped[int] = mapped_column(default=0)
    total: Mapped[int] = mapped_column(default=0)

    __table_args__ = (CheckConstraint("done BETWEEN 0 AND total", name="done_fits_total"),)

    @property
    def percent(self) -> int:
        """How much of this step is done, in whole percents."""
        return 100 * self.done // self.total if self.total else 0


class ImportLine(Base):
    """One line of a preview: a thing with what happens to it, or a problem at its place in the file."""

    __tablename__ = "import_lines"

    import_id: Mapped[UUID] = mapped_column(ForeignKey("imports.id", ondelete="CASCADE"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    change: Mapped[Change] = mapped_column(one_of(Change, "change"))
    kind: Mapped[str]
    key: Mapped[str]
    title: Mapped[str]
    fields: Mapped[list[str]]

    __table_args__ = (Index("ix_import_lines_import_id_change_position", "import_id", "change", "position"),)


class FrameworkPackage(Base):
    """A framework package: of an organisation or an alliance, or made of a programme version so that others can ask.

    Of several public ones with one identifier, the one that was opened first has the common address.
    """

    __tablename__ = "packages"

    id: Mapped[Key]
    organisation_id: Mapped[UUID | None] = mapped_column(ForeignKey("organisations.id"))
    alliance_id: Mapped[UUID | None] = mapped_column(ForeignKey("alliances.id"))
    programme_version_id: Mapped[UUID | None] = mapped_column(ForeignKey("programme_versions.id"), unique=True)
    identifier: Mapped[str] = mapped_column(index=True)
    title: Mapped[str]
    creator: Mapped[str | None]
    public: Mapped[bool]
    opened_at: Mapped[datetime | None]
    codec: Mapped[str]
    document: Mapped[dict[str, Any]]
    rest: Mapped[dict[str, Any]] = mapped_column(deferred=True)
    item_count: Mapped[int]
    content_hash: Mapped[bytes]
    changed_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)

    organisation: Mapped[Organisation | None] = relationship(lazy="raise")
    alliance: Mapped[Alliance | None] = relationship(lazy="raise")
    programme_version: Mapped[ProgrammeVersion | None] = relationship(lazy="raise")

    __table_args__ = (
        CheckConstraint("num_nonnulls(organisation_id, alliance_id, programme_version_id) = 1", name="one_origin"),
        CheckConstraint("(opened_at IS NULL) <> public", name="opened_at_fits_public"),
        Index("uq_packages_organisation_id_identifier", "organisation_id", "identifier", unique=True),
        Index("uq_packages_alliance_id_identifier", "alliance_id", "identifier", unique=True),
    )
    __mapper_args__ = immutabledict({"version_id_col": version})


class PackageFile(Base):
    """A package as a file of CASE 1.1, written when it was stored, so that nothing is made while somebody waits.

    Addresses of this site stand in it without their beginning. `content_hash` is that of what it was made of.
    """

    __tablename__ = "package_files"

    package_id: Mapped[UUID] = mapped_column(ForeignKey("packages.id", ondelete="CASCADE"), primary_key=True)
    content_hash: Mapped[bytes]
    content: Mapped[bytes]


class PackageItem(Base):
    """An item of a package, whole, at its place in the tree; its key is made of package and identifier, and stays."""

    __tablename__ = "package_items"

    id: Mapped[Key]
    package_id: Mapped[UUID] = mapped_column(ForeignKey("packages.id", ondelete="CASCADE"))
    position: Mapped[int]
    tree_position: Mapped[int]
    parent_id: Mapped[UUID | None]
    depth: Mapped[int]
    children: Mapped[int]
    identifier: Mapped[str] = mapped_column(index=True)
    code: Mapped[str | None]
    statement: Mapped[str]
    item_type: Mapped[str | None]
    data: Mapped[dict[str, Any]] = mapped_column(deferred=True)

    __table_args__ = (
        UniqueConstraint("package_id", "identifier"),
        Index("ix_package_items_package_id_parent_id_tree_position", "package_id", "parent_id", "tree_position"),
    )


class PackageAssociation(Base):
    """An association of a package, whole; its ends may lie outside the package."""

    __tablename__ = "package_associations"

    id: Mapped[Key]
    package_id: Mapped[UUID] = mapped_column(ForeignKey("packages.id", ondelete="CASCADE"))
    position: Mapped[int]
    identifier: Mapped[str] = mapped_column(index=True)
    type: Mapped[str]
    origin: Mapped[str]
    destination: Mapped[str]
    data: Mapped[dict[str, Any]] = mapped_column(deferred=True)

    __table_args__ = (
        UniqueConstraint("package_id", "identifier"),
        Index("ix_package_associations_package_id_origin", "package_id", "origin"),
        Index("ix_package_associations_package_id_destination", "package_id", "destination"),
    )


class PackageDefinition(Base):
    """What the items of a package refer to, whole: its item types, subjects, concepts, licences, groupings, rubrics."""

    __tablename__ = "package_definitions"

    id: Mapped[Key]
    package_id: Mapped[UUID] = mapped_column(ForeignKey("packages.id", ondelete="CASCADE"))
    kind: Mapped[NodeKind] = mapped_column(one_of(NodeKind, "node_kind"))
    position: Mapped[int]
    identifier: Mapped[str] = mapped_column(index=True)
    title: Mapped[str]
    data: Mapped[dict[str, Any]]

    __table_args__ = (UniqueConstraint("package_id", "kind", "identifier"),)
