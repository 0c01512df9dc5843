"""The pages of organisations and alliances."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from competencies.errors import RuleBroken
from lms.accounts.permissions import me
from lms.accounts.queries import user_by_email
from lms.core import clock, db
from lms.core.access import authorize, found, signed_in
from lms.core.forms import Confirm
from lms.core.words import _
from lms.organisations import actions, queries
from lms.organisations.forms import DepartmentForm, RoleForm
from lms.organisations.models import Organisation
from lms.organisations.permissions import can_administer, can_see_people, my_duties

bp = Blueprint("organisations", __name__)


@bp.get("/organisations")
@signed_in
def organisations() -> ResponseReturnValue:
    """Show the organisations that a person works with."""
    shown = queries.organisations_visible(db.session(), my_duties())
    return render_template("organisations/organisations.html", organisations=shown)


@bp.get("/organisations/<uuid:organisation_id>")
@signed_in
def organisation(organisation_id: UUID) -> ResponseReturnValue:
    """Show one organisation: departments, alliances, and who holds which role."""
    shown = found(queries.one_visible(db.session(), my_duties(), organisation_id))
    return _page(shown, DepartmentForm(), RoleForm(starts_on=clock.today()).offer())


def _page(shown: Organisation, department: DepartmentForm, role: RoleForm) -> str:
    duties = my_duties()
    readable = can_see_people(duties, shown.id)
    return render_template(
        "organisations/organisation.html",
        organisation=shown,
        memberships=queries.alliances_of(db.session(), shown.id),
        assignments=queries.roles_in(db.session(), shown.id) if readable else None,
        administers=can_administer(duties, shown.id),
        duties=duties,
        department=department,
        role=role,
        confirm=Confirm(),
        today=clock.today(),
    )


@bp.post("/organisations/<uuid:organisation_id>/departments")
@signed_in
def add_department(organisation_id: UUID) -> ResponseReturnValue:
    """Add a department to an organisation."""
    shown = found(queries.one_visible(db.session(), my_duties(), organisation_id))
    authorize(can_administer(my_duties(), shown.id))
    form = DepartmentForm()
    if form.validate_on_submit():
        try:
            with db.transaction() as session:
                actions.add_department(session, shown, name=form.name.data, by=me(), at=clock.now())
            flash(_("The department is added."), "done")
            return redirect(url_for(".organisation", organisation_id=organisation_id))
        except RuleBroken as broken:
            form.refuse(broken, "name")
            shown = found(queries.one_visible(db.session(), my_duties(), organisation_id))
    return _page(shown, form, RoleForm(formdata=None, starts_on=clock.today()).offer()), 422


@bp.post("/organisations/<uuid:organisation_id>/roles")
@signed_in
def give_role(organisation_id: UUID) -> ResponseReturnValue:
    """Give a person a role in an organisation."""
    shown = found(queries.one_visible(db.session(), my_duties(), organisation_id))
    authorize(can_administer(my_duties(), shown.id))
    form = RoleForm().offer()
    if form.validate_on_submit():
        try:
            _give(form, organisation_id)
            flash(_("The role is given."), "done")
            return redirect(url_for(".organisation", organisation_id=organisation_id))
        except RuleBroken as broken:
            form.refuse(broken, "email")
            shown = found(queries.one_visible(db.session(), my_duties(), organisation_id))
    return _page(shown, DepartmentForm(formdata=None), form), 422


def _give(form: RoleForm, organisation_id: UUID) -> None:
    """Give the role that was asked for; `RuleBroken` account_unknown where nobody has that e-mail address."""
    with db.transaction() as session:
        user = user_by_email(session, form.email.data)
        if user is None:
            raise RuleBroken("account_unknown", email=form.email.data)
        days = {"since": form.starts_on.data, "until": form.ends_on.data}
        actions.give_role(
            session, user, form.role.data, organisation_id=organisation_id, by=me().id, at=clock.now(), **days
        )


@bp.post("/organisations/<uuid:organisation_id>/roles/<uuid:assignment_id>/end")
@signed_in
def end_role(organisation_id: UUID, assignment_id: UUID) -> ResponseReturnValue:
    """Let a role in an organisation end today."""
    found(queries.one_visible(db.session(), my_duties(), organisation_id))
    authorize(can_administer(my_duties(), organisation_id))
    assignment = found(queries.one_role(db.session(), assignment_id, organisation_id))
    with db.transaction() as session:
        actions.end_role(session, assignment, on=clock.today(), by=me(), at=clock.now())
    flash(_("The role ends today."), "done")
    return redirect(url_for(".organisation", organisation_id=organisation_id))


@bp.get("/alliances/<uuid:alliance_id>")
@signed_in
def alliance(alliance_id: UUID) -> ResponseReturnValue:
    """Show an alliance with its members and their dates."""
    shown = found(queries.one_alliance(db.session(), my_duties(), alliance_id))
    memberships = queries.memberships_of(db.session(), alliance_id)
    return render_template("organisations/alliance.html", alliance=shown, memberships=memberships)
