"""Rating scales, every version with its levels."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint, func, select
from sqlalchemy.orm import Mapped, column_property, mapped_column, relationship

from competencies.curricula import Provenance
from lms.core.db import Base, Key, Words, one_of


class ScaleLevel(Base):
    """One level of a scale; levels compare by rank within their scale and by nothing else.

    `questions` words the level looking back and ahead, by direction; null where the file leaves that out.
    """

    __tablename__ = "scale_levels"

    scale_id: Mapped[UUID] = mapped_column(ForeignKey("scales.id"), primary_key=True)
    code: Mapped[str] = mapped_column(primary_key=True)
    rank: Mapped[int]
    title: Mapped[Words]
    meaning: Mapped[Words]
    entrusted: Mapped[bool]
    parent_code: Mapped[str | None]
    group_title: Mapped[Words | None]
    questions: Mapped[dict[str, Any] | None]

    scale: Mapped[RatingScale] = relationship(lazy="raise", back_populates="levels")

    __table_args__ = (UniqueConstraint("scale_id", "rank"), CheckConstraint("rank > 0", name="rank_positive"))


class RatingScale(Base):
    """One version of a rating scale; a new wording is a new version.

    `top_rank` is the rank of its highest level, for those who need no more of the levels than that.
    """

    __tablename__ = "scales"

    id: Mapped[Key] = mapped_column()
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

    top_rank: Mapped[int] = column_property(
        select(func.max(ScaleLevel.rank))
        .where(ScaleLevel.scale_id == id)  # noqa: A003
        .correlate_except(ScaleLevel)
        .scalar_subquery(),
        deferred=True,
    )
    levels: Mapped[list[ScaleLevel]] = relationship(lazy="raise", order_by="ScaleLevel.rank", back_populates="scale")

    __table_args__ = (UniqueConstraint("key", "version"),)
