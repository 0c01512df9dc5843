"""The pages on rating scales."""

from __future__ import annotations

from uuid import UUID

from flask import render_template

from competencies.scales import SetBy
from lms.core import db
from lms.core.access import found, signed_in
from lms.curriculum import queries
from lms.curriculum.values import scale_of
from lms.curriculum.views.blueprint import bp


@bp.get("/scales")
@signed_in
def scales() -> str:
    """Show every version of every scale."""
    return render_template("curriculum/scales.html", scales=queries.scales_in_list(db.session()))


@bp.get("/scales/<uuid:scale_id>")
@signed_in
def scale(scale_id: UUID) -> str:
    """Show one version of a scale: its levels, what is asked, and where it is used."""
    shown = found(queries.scale_in_use(db.session(), scale_id))
    row = shown.scale
    marks = [mark for path, mark in row.provenance_by_field.items() if path.startswith("levels.")]
    return render_template(
        "curriculum/scale.html",
        shown=shown,
        row=row,
        scale=scale_of(row),
        levels_from=marks[0] if marks else row.provenance,
        set_by=[SetBy(key) for key in row.set_by],
    )
