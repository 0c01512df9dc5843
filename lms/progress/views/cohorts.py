"""The pages of a cohort as a whole: trainees by EPAs for who may know them, numbers for a region."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from flask import get_template_attribute, render_template, request
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from competencies.people import Role
from lms.cohorts.models import Cohort
from lms.cohorts.permissions import can_change_cohort, can_create_cohorts
from lms.cohorts.queries import cohorts_seen, one_cohort, sizes_of
from lms.core import db
from lms.core.access import found, signed_in
from lms.core.pictures import answer as answer_picture
from lms.core.small_groups import SMALLEST_GROUP
from lms.core.words import _
from lms.organisations.permissions import my_duties
from lms.progress import captions, pictures, queries
from lms.progress.forms import SelectionForm
from lms.progress.numbers import numbers_of
from lms.progress.values import CohortMatrix, Order, ProgrammeOutline, Selection, TraineeRow
from lms.progress.views.blueprint import bp

ROWS_AT_FIRST = 100
"""So many trainees stand in the table of a cohort; whoever wants to see all in it asks for them."""


@bp.get("/cohorts")
@signed_in
def cohorts() -> ResponseReturnValue:
    """Show the cohorts a person may see, and those of a region as numbers."""
    duties, session = my_duties(), db.session()
    seen = cohorts_seen(session, duties)
    coordinates = duties.has(Role.REGIONAL_COORDINATOR)
    return render_template(
        "progress/cohorts.html",
        cohorts=seen,
        sizes=sizes_of(session, [cohort.id for cohort in seen], on=duties.on),
        region=queries.regional_cohorts(session, duties) if coordinates else None,
        may_create=can_create_cohorts(duties),
    )


@bp.get("/cohorts/<uuid:cohort_id>")
@signed_in
def cohort(cohort_id: UUID) -> ResponseReturnValue:
    """Show a cohort as trainees by EPAs; to a regional coordinator as numbers without people."""
    session, duties = db.session(), my_duties()
    shown = one_cohort(session, duties, cohort_id)
    if shown is None:
        return _in_numbers(cohort_id)
    selection = Selection.of(request.args)
    part = slice(None if "all" in request.args else ROWS_AT_FIRST)
    known = queries.cohort_part(session, cohort_id, selection, on=duties.on, part=part, counted=True)
    matrix, roll, outline = known.matrix, known.roll, _outline(shown)
    return render_template(
        "progress/cohort.html",
        cohort=shown,
        matrix=matrix,
        totals=known.totals,
        trainees=known.trainees,
        followed=[(version, roll.followed[version]) for version in matrix.versions if version in roll.followed],
        everybody=roll.count,
        rows=_with_cells(matrix),
        outline=outline,
        selection=selection,
        orders=Order,
        refusals=queries.refused_of(session, cohort_id, known) if can_change_cohort(duties, shown) else [],
        form=SelectionForm.of(selection, departments=roll.departments, tracks=roll.tracks, titles=outline.tracks),
        captions=captions,
        pictures=pictures,
        may_change=can_change_cohort(duties, shown),
    )


def _outline(cohort: Cohort) -> ProgrammeOutline:
    return queries.outlines_of(db.session(), [cohort.programme_version_id])[cohort.programme_version_id]


def _with_cells(matrix: CohortMatrix) -> Sequence[tuple[TraineeRow, Markup]]:
    """Return the trainees with the cells as markup; cells that look alike are rendered once."""
    macro = get_template_attribute("progress/cells.html", "cell")
    rendered: dict[object, Markup] = {}
    top_ranks = [epa.top_rank for epa in matrix.columns]
    rows = []
    for row in matrix.rows:
        parts = []
        for top_rank, cell in zip(top_ranks, row.cells, strict=True):
            look = cell and (cell.level and cell.level.code, cell.is_expired, cell.waiting, top_rank)
            part = rendered.get(look)
            if part is None:
                part = rendered[look] = macro(cell, top_rank)
            parts.append(part)
        rows.append((row, Markup("".join(parts))))  # noqa: S704
    return rows


def _in_numbers(cohort_id: UUID) -> ResponseReturnValue:
    """Show a cohort of the region without its people, every group under five left out."""
    session, duties = db.session(), my_duties()
    regional = {one.cohort_id: one for one in queries.regional_cohorts(session, duties)}
    shown = found(regional.get(cohort_id))
    matrix = queries.cohort_matrix(session, cohort_id, on=duties.on)
    return render_template(
        "progress/cohort_numbers.html",
        cohort=shown,
        numbers=numbers_of(matrix, smallest=SMALLEST_GROUP),
        smallest=SMALLEST_GROUP,
        captions=captions,
        pictures=pictures,
    )


@bp.get("/cohorts/<uuid:cohort_id>/heat-map.svg")
@signed_in
def heat_map(cohort_id: UUID) -> ResponseReturnValue:
    """Draw a cohort: trainees by EPAs, or levels by EPAs for many people and for a region."""
    session, duties = db.session(), my_duties()
    named = one_cohort(session, duties, cohort_id)
    if named is None:
        found(next((one for one in queries.regional_cohorts(session, duties) if one.cohort_id == cohort_id), None))
    selection = Selection.of(request.args)
    width = pictures.heat_width(request.args.get("size"))
    version = queries.cohort_version(session, cohort_id)

    def draw() -> bytes:
        matrix = queries.cohort_matrix(session, cohort_id, on=duties.on)
        if named is None:
            numbers = numbers_of(matrix, smallest=SMALLEST_GROUP)
            return pictures.draw_numbers(numbers, title=_("Levels in this cohort"), width=width)
        return pictures.draw_cohort(matrix.only(selection), title=named.name, width=width)

    facts = (cohort_id, version, duties.on, width, named is not None, named and named.name, selection.as_arguments())
    return answer_picture("cohort", *facts, draw=draw)
