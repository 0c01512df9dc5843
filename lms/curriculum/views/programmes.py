"""The pages on programmes and their EPAs, to read."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from flask import render_template

from lms.core import db
from lms.core.access import found, signed_in
from lms.curriculum import needs, overview, queries
from lms.curriculum.values import provenance_at, shown_code_of
from lms.curriculum.views.blueprint import bp


@bp.get("/programmes")
@signed_in
def programmes() -> str:
    """Show every programme in its newest version."""
    return render_template("curriculum/programmes.html", programmes=queries.programmes_in_list(db.session()))


@bp.get("/programmes/<uuid:version_id>")
@signed_in
def programme(version_id: UUID) -> str:
    """Show one version of a programme in full."""
    whole = found(queries.whole_programme(db.session(), version_id))
    words = queries.vocabulary(db.session())
    return render_template(
        "curriculum/programme.html",
        programme=whole.version,
        editions=whole.editions,
        groups=overview.epa_groups(whole.version),
        epas=overview.epas_by_key(whole.version),
        compared=overview.frameworks_compared(whole.version),
        vocabulary=words,
        asked=queries.asked_by(db.session(), whole.version, words, whole.instruments),
        needs=needs,
        shown_code_of=shown_code_of,
        provenance_at=provenance_at,
        written_day=date.fromisoformat,
    )


@bp.get("/epas/<uuid:epa_id>")
@signed_in
def epa(epa_id: UUID) -> str:
    """Show one EPA with all eight parts of its description."""
    shown = found(queries.epa_on_page(db.session(), epa_id))
    one, words = shown.epa, queries.vocabulary(db.session())
    return render_template(
        "curriculum/epa.html",
        epa=one,
        shown=shown,
        code=shown_code_of(one),
        scope=shown.scope,
        requirements=shown.requirements,
        named=queries.plan_in_words(one, shown.named, words),
        needs=needs,
        vocabulary=words,
        provenance_at=provenance_at,
    )


@bp.get("/competencies/<uuid:domain_id>")
@signed_in
def competency(domain_id: UUID) -> str:
    """Show one competency of a framework, and the EPAs that it is among the most relevant of."""
    one = found(queries.competency(db.session(), domain_id))
    return render_template(
        "curriculum/competency.html",
        competency=one,
        framework=one.framework,
        epas=queries.epas_with_competency(db.session(), one.id),
        shown_code_of=shown_code_of,
    )
