"""What the evidence on an EPA must hold."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lms.core.db import Base, Key
from lms.curriculum.models.forms import AssessmentForm
from lms.curriculum.models.scales import RatingScale
from lms.curriculum.models.vocabulary import AssessmentInstrument


class EpaRequirement(Base):
    """One requirement on the evidence for an EPA; all must hold for a declaration.

    Without a `kind` it is one on observations, which alone has an instrument and numbers; `scale` is the one that its
    minimum level is on: of the EPA, or of the instrument; none where nothing is rated. The parts of a combined
    requirement are rows of their own behind it, with its position as their parent. `rule` is the entry of the file as
    it was written but for its parts; null where the columns say all of it.
    """

    __tablename__ = "epa_requirements"

    id: Mapped[Key]
    epa_id: Mapped[UUID] = mapped_column(ForeignKey("epas.id"))
    position: Mapped[int]
    parent_position: Mapped[int | None]
    kind: Mapped[str | None]
    rule: Mapped[dict[str, Any] | None]
    instrument_key: Mapped[str | None] = mapped_column(ForeignKey("instruments.key"))
    form_id: Mapped[UUID | None] = mapped_column(ForeignKey("assessment_forms.id"))
    form_key: Mapped[str | None]
    min_count: Mapped[int | None]
    min_assessors: Mapped[int | None]
    scale_id: Mapped[UUID | None] = mapped_column(ForeignKey("scales.id"))
    min_level: Mapped[str | None]
    stage_key: Mapped[str | None]
    conditions: Mapped[dict[str, int] | None]

    instrument: Mapped[AssessmentInstrument | None] = relationship(lazy="raise")
    form: Mapped[AssessmentForm | None] = relationship(lazy="raise")
    scale: Mapped[RatingScale | None] = relationship(lazy="raise")

    __table_args__ = (
        UniqueConstraint("epa_id", "position"),
        CheckConstraint("min_count > 0 AND min_assessors >= 0", name="counts"),
        CheckConstraint(
            "num_nonnulls(instrument_key, min_count, min_assessors) = CASE WHEN kind IS NULL THEN 3 ELSE 0 END",
            name="kind_or_instrument",
        ),
        CheckConstraint("kind IS NULL OR rule IS NOT NULL", name="kind_with_rule"),
        CheckConstraint("parent_position < position", name="parent_before"),
        CheckConstraint("(form_id IS NULL) = (form_key IS NULL)", name="form_whole"),
        CheckConstraint("min_level IS NULL OR scale_id IS NOT NULL", name="minimum_on_scale"),
        ForeignKeyConstraint(["scale_id", "min_level"], ["scale_levels.scale_id", "scale_levels.code"]),
    )
