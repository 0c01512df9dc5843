"""The page that starts the draft of a programme from a framework."""

from __future__ import annotations

from uuid import UUID

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from competencies.errors import RuleBroken
from lms.accounts.permissions import me
from lms.core import clock, db
from lms.core.access import authorize, found, signed_in
from lms.core.words import _, ngettext
from lms.exchange import actions
from lms.exchange.forms import DraftForm
from lms.exchange.models import FrameworkPackage
from lms.exchange.permissions import can_hand_in
from lms.exchange.queries import packages as queries
from lms.exchange.queries.imports import places_to_import_for
from lms.exchange.views.blueprint import bp
from lms.organisations.permissions import my_duties


@bp.route("/packages/<uuid:package_id>/draft", methods=["GET", "POST"])
@signed_in
def draft(package_id: UUID) -> ResponseReturnValue:
    """Let somebody start a programme whose EPAs are the items of a framework."""
    package = found(queries.one_package(db.session(), my_duties(), package_id))
    authorize(can_hand_in(my_duties()))
    form = _form(package)
    if not form.validate_on_submit():
        return _page(package, form), 422 if form.is_submitted() else 200
    try:
        draft_id = _started(package, form)
    except RuleBroken as broken:
        form.refuse(broken)
        return _page(package, form), 422
    flash(_("The draft is there. It counts when somebody publishes it."), "done")
    return redirect(url_for("authoring.draft", draft_id=draft_id))


def _form(package: FrameworkPackage) -> DraftForm:
    types = [
        (name, ngettext("%(type)s: %(num)s item", "%(type)s: %(num)s items", number, type=name or _("Without a type")))
        for name, number in queries.item_types_of(db.session(), package.id)
    ]
    return DraftForm().offer(places_to_import_for(db.session(), my_duties()), types)


def _page(package: FrameworkPackage, form: DraftForm) -> str:
    return render_template("exchange/draft.html", package=package, form=form)


def _started(package: FrameworkPackage, form: DraftForm) -> UUID:
    with db.transaction() as session:
        return actions.start_draft_from(
            session,
            found(queries.one_package(session, my_duties(), package.id)),
            item_type=form.chosen_type,
            place_id=form.place.data,
            by=me(),
            at=clock.now(),
        )
