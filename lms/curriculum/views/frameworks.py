"""The pages on competency frameworks, and on how two of them compare."""

from __future__ import annotations

from collections import defaultdict
from uuid import UUID

from flask import render_template

from competencies.frameworks import crosswalk as crosswalk_between
from competencies.frameworks import read_from
from lms.core import db
from lms.core.access import found, signed_in
from lms.curriculum import queries
from lms.curriculum.crosswalks import framework_of
from lms.curriculum.models import EpaCompetency
from lms.curriculum.views.blueprint import bp


@bp.get("/frameworks")
@signed_in
def frameworks() -> str:
    """Show every framework: the shared ones, and those of the newest programmes."""
    return render_template("curriculum/frameworks.html", frameworks=queries.frameworks_in_list(db.session()))


@bp.get("/frameworks/<uuid:framework_id>")
@signed_in
def framework(framework_id: UUID) -> str:
    """Show one framework: its domains by level, where they are used, and what corresponds elsewhere."""
    session = db.session()
    row = found(queries.one_framework(session, framework_id))
    company = queries.company_of(session, row)
    uses: defaultdict[UUID, list[EpaCompetency]] = defaultdict(list)
    for use in queries.uses_of(session, row):
        uses[use.domain_id].append(use)
    return render_template(
        "curriculum/framework.html",
        row=row,
        framework=framework_of(row),
        others=company.of(row),
        domains={
            (key, domain.key): (other, domain) for key, other in company.frameworks.items() for domain in other.domains
        },
        corresponding={domain.key: read_from((row.key, domain.key), company.known) for domain in row.domains},
        uses=uses,
    )


@bp.get("/frameworks/<uuid:framework_id>/crosswalk/<uuid:other_id>")
@signed_in
def crosswalk(framework_id: UUID, other_id: UUID) -> str:
    """Show how the domains of one framework read in another, with the gaps on both sides."""
    session = db.session()
    one, other = (found(queries.one_framework(session, key)) for key in (framework_id, other_id))
    company = queries.company_of(session, one)
    return render_template(
        "curriculum/crosswalk.html",
        one=one,
        other=other,
        crosswalk=crosswalk_between(framework_of(one), framework_of(other), company.known),
        frameworks=company.frameworks,
        domains={(key, domain.key): domain for key, row in company.frameworks.items() for domain in row.domains}
        | {(row.key, domain.key): domain for row in (one, other) for domain in row.domains},
    )
