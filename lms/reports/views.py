"""The pages of reports: the cohort report, the same as a file, and the audit trail of an enrolment."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from functools import lru_cache
from io import BytesIO
from uuid import UUID

from flask import Blueprint, Response, get_template_attribute, render_template, request
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from lms.accounts.permissions import me
from lms.cohorts.models import Cohort
from lms.cohorts.queries import one_cohort, one_enrolment
from lms.core import clock, db
from lms.core.access import authorize, found, signed_in
from lms.core.templating import day, moment
from lms.core.words import current_language
from lms.organisations.permissions import my_duties
from lms.progress.queries import cohort_matrix, cohort_part
from lms.progress.values import CohortMatrix, Roll, Selection
from lms.reports import formats
from lms.reports.actions import note_export
from lms.reports.cohort_report import cohort_report as report_on
from lms.reports.cohort_report import tracks_of
from lms.reports.formats import RENDERINGS, Format
from lms.reports.forms import FILE_FORMATS, ReportFile, ReportFilters
from lms.reports.origin import origin_of
from lms.reports.permissions import can_read_audit_trail
from lms.reports.tables import Cell, ColumnKind, Table
from lms.reports.trail import trail_page

bp = Blueprint("reports", __name__)

ROWS_ON_A_PAGE = 50
LONGEST_NUMBER = 15


@bp.get("/cohorts/<uuid:cohort_id>/report")
@signed_in
def cohort_report(cohort_id: UUID) -> ResponseReturnValue:
    """Show the report on a cohort."""
    cohort = found(one_cohort(db.session(), my_duties(), cohort_id))
    return _page(cohort, request.args, ReportFile())


@bp.post("/cohorts/<uuid:cohort_id>/report/file")
@signed_in
def cohort_report_file(cohort_id: UUID) -> ResponseReturnValue:
    """Give the report on a cohort as a file, and note who took it away."""
    cohort = found(one_cohort(db.session(), my_duties(), cohort_id))
    form = ReportFile()
    if not form.validate_on_submit():
        return _page(cohort, request.form, form), 422
    to, selection, at = Format(form.format.data), Selection.of(request.form), clock.now()
    matrix = cohort_matrix(db.session(), cohort.id, on=_day_of(request.form.get("on", "")))
    table = _table(cohort, matrix, selection)
    answer = _file(table, to)
    with db.transaction() as session:
        note_export(session, cohort_id, table, to=to, filters=selection.as_arguments(), by=me().id, at=at)
    return answer


def _page(cohort: Cohort, asked: Mapping[str, str], form: ReportFile) -> str:
    """Return the report as a page of some rows; the files hold them all."""
    selection, tracks, on = Selection.of(asked), tracks_of(db.session(), cohort), _day_of(asked.get("on", ""))
    start = _number_of(asked.get("start", "")) or 0
    part = cohort_part(db.session(), cohort.id, selection, on=on, part=slice(start, start + ROWS_ON_A_PAGE))
    table = _table(cohort, part.matrix, selection, roll=part.roll)
    held = {key: tracks.get(key, key) for key in part.roll.tracks}
    return render_template(
        "reports/cohort_report.html",
        cohort=cohort,
        table=table,
        rows=_with_cells(table),
        count=len(part.trainees),
        start=start,
        origin=origin_of(table, day=day, moment=moment),
        filters=ReportFilters.showing(selection, on=on, departments=part.roll.departments, tracks=held),
        arguments=selection.as_arguments() | {"on": on.isoformat()},
        form=form,
        formats=FILE_FORMATS,
        page_size=ROWS_ON_A_PAGE,
    )


def _with_cells(table: Table) -> Sequence[tuple[Cell, Markup]]:
    """Return the first cell of each row with the others as markup; cells that hold the same are rendered once."""
    kinds, language = [column.kind for column in table.columns[1:]], current_language()
    return [
        (row[0], Markup("".join([_rendered(language, kind, cell) for kind, cell in zip(kinds, row[1:], strict=True)])))  # noqa: S704
        for row in table.rows
    ]


@lru_cache(maxsize=4096)
def _rendered(_language: str, kind: ColumnKind, cell: Cell) -> Markup:
    """Return a cell as markup in the reader's language, which is said so that each language keeps its own."""
    return Markup(get_template_attribute("reports/cells.html", "cell")(kind, cell))  # noqa: S704


def _day_of(text: str) -> date:
    """Return the day that was asked for; without a sensible one, today."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return clock.today()


def _table(cohort: Cohort, matrix: CohortMatrix, selection: Selection, *, roll: Roll | None = None) -> Table:
    return report_on(
        db.session(), cohort, matrix, selection=selection, roll=roll, asked_by=me().name, asked_at=clock.now()
    )


def _file(table: Table, to: Format) -> Response:
    file = BytesIO()
    formats.write(table, to, file)
    answer = Response(file.getvalue(), content_type=RENDERINGS[to].media_type)
    answer.headers.set("Content-Disposition", "attachment", filename=formats.file_name(table, to))
    return answer


@bp.get("/enrolments/<uuid:enrolment_id>/audit-trail")
@signed_in
def audit_trail(enrolment_id: UUID) -> ResponseReturnValue:
    """Show what was done in an enrolment, by whom and when, the newest first."""
    enrolment = found(one_enrolment(db.session(), my_duties(), enrolment_id))
    authorize(can_read_audit_trail(my_duties(), enrolment))
    before = _number_of(request.args.get("before", ""))
    page = trail_page(db.session(), enrolment, before=before)
    return render_template("reports/audit_trail.html", enrolment=enrolment, page=page, before=before)


def _number_of(text: str) -> int | None:
    """Return the number that an address holds, or None where it holds nothing of the kind."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= LONGEST_NUMBER else None
