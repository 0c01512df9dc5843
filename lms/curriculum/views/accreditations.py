"""The page on what an organisation and its departments are accredited for."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from competencies.errors import RuleBroken
from lms.accounts.permissions import me
from lms.core import clock, db
from lms.core.access import authorize, found, signed_in
from lms.core.words import _, in_language
from lms.curriculum.forms import AccreditationForm
from lms.curriculum.queries import Vocabulary, vocabulary
from lms.curriculum.views.blueprint import bp
from lms.organisations import actions
from lms.organisations.models import Organisation
from lms.organisations.permissions import can_administer, my_duties
from lms.organisations.queries import accreditations_of, one_accreditation, one_visible

SITE_ATTRIBUTES = "site_attributes"


@bp.get("/organisations/<uuid:organisation_id>/accreditations")
@signed_in
def accreditations(organisation_id: UUID) -> ResponseReturnValue:
    """Show what an organisation is accredited for, and let its administrator record more."""
    shown, words = _place(organisation_id), vocabulary(db.session())
    return _page(shown, words, _form(shown, words, starts_on=clock.today()))


@bp.post("/organisations/<uuid:organisation_id>/accreditations")
@signed_in
def record_accreditation(organisation_id: UUID) -> ResponseReturnValue:
    """Record an accreditation of an organisation or one of its departments."""
    shown, words = _place(organisation_id), vocabulary(db.session())
    authorize(can_administer(my_duties(), organisation_id))
    form = _form(shown, words)
    if form.validate_on_submit():
        try:
            _record(shown, form)
            flash(_("The accreditation is recorded."), "done")
            return redirect(url_for(".accreditations", organisation_id=organisation_id))
        except RuleBroken as broken:
            form.refuse(broken, "ends_on" if broken.code == "accreditation_dates" else "starts_on")
            shown = _place(organisation_id)
    return _page(shown, words, form), 422


@bp.post("/organisations/<uuid:organisation_id>/accreditations/<uuid:accreditation_id>/end")
@signed_in
def end_accreditation(organisation_id: UUID, accreditation_id: UUID) -> ResponseReturnValue:
    """Let an accreditation end today."""
    _place(organisation_id)
    authorize(can_administer(my_duties(), organisation_id))
    accreditation = found(one_accreditation(db.session(), accreditation_id, organisation_id))
    with db.transaction() as session:
        actions.end_accreditation(session, accreditation, on=clock.today(), by=me(), at=clock.now())
    flash(_("The accreditation ends today."), "done")
    return redirect(url_for(".accreditations", organisation_id=organisation_id))


def _place(organisation_id: UUID) -> Organisation:
    return found(one_visible(db.session(), my_duties(), organisation_id))


def _form(organisation: Organisation, words: Vocabulary, **stored: Any) -> AccreditationForm:
    attributes = [(key, in_language(title)) for key, title in words.of_kind(SITE_ATTRIBUTES)]
    return AccreditationForm(**stored).offer(attributes, organisation.departments)


def _record(organisation: Organisation, form: AccreditationForm) -> None:
    department = next((one for one in organisation.departments if one.id == form.department_id), None)
    days = {"since": form.starts_on.data, "until": form.ends_on.data}
    facts = {"attribute": form.attribute.data, "proof": form.proof.data}
    with db.transaction() as session:
        actions.record_accreditation(session, organisation, department, by=me(), at=clock.now(), **facts, **days)


def _page(organisation: Organisation, words: Vocabulary, form: AccreditationForm) -> str:
    return render_template(
        "curriculum/accreditations.html",
        organisation=organisation,
        accreditations=accreditations_of(db.session(), organisation.id),
        administers=can_administer(my_duties(), organisation.id),
        vocabulary=words,
        form=form,
        today=clock.today(),
    )
