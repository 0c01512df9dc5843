"""The page of somebody's own ratings in figures: there is one for each reader, and no address names another's."""

from __future__ import annotations

from flask import render_template, request
from flask.typing import ResponseReturnValue

from lms.accounts.permissions import me
from lms.assessments.figures import figures_of, months_given
from lms.core import clock, db
from lms.core.access import signed_in
from lms.core.pictures import answer as answer_picture
from lms.progress import pictures
from lms.progress.views.blueprint import bp


@bp.get("/assessments/given/figures")
@signed_in
def own_figures() -> ResponseReturnValue:
    """Show how many ratings a person gave, how late, at which levels, with what comments, and beside others'."""
    figures = figures_of(db.session(), me().id, on=clock.today())
    return render_template("progress/own_figures.html", figures=figures, pictures=pictures)


@bp.get("/assessments/given/figures/months.svg")
@signed_in
def own_months() -> ResponseReturnValue:
    """Draw how many ratings a person gave in each of the last twelve months."""
    months = months_given(db.session(), me().id, on=clock.today())
    width = pictures.months_width(request.args.get("size"))
    return answer_picture("months", width, months, draw=lambda: pictures.draw_months(months, width=width))
