"""The pages on programmes and their EPAs, to read."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, render_template

from lms.core.access import found, signed_in
from lms.core.db import session
from lms.curriculum import queries
from lms.curriculum.values import expected_levels_of, scale_of, scope_groups_of

bp = Blueprint("curriculum", __name__)


@bp.get("/programmes")
@signed_in
def programmes() -> str:
    """Show every programme in its newest version."""
    return render_template("curriculum/programmes.html", programmes=queries.programmes_in_list(session()))


@bp.get("/programmes/<uuid:version_id>")
@signed_in
def programme(version_id: UUID) -> str:
    """Show one version of a programme in full."""
    version = found(queries.programme_version(session(), version_id))
    return render_template(
        "curriculum/programme.html",
        programme=version,
        scale=scale_of(version.default_scale),
        vocabulary=queries.vocabulary(session()),
    )


@bp.get("/epas/<uuid:epa_id>")
@signed_in
def epa(epa_id: UUID) -> str:
    """Show one EPA with all eight parts of its description."""
    one = found(queries.epa_in_full(session(), epa_id))
    return render_template(
        "curriculum/epa.html",
        epa=one,
        scale=scale_of(one.scale) if one.scale else None,
        expected=expected_levels_of(one),
        scope=scope_groups_of(one),
        vocabulary=queries.vocabulary(session()),
    )
