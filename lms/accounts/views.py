"""Signing in and out, and a person's own account."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, Flask, abort, current_app, flash, redirect, render_template, request, url_for
from flask import session as cookie
from flask.typing import ResponseReturnValue
from flask_login import LoginManager, login_user, logout_user
from sqlalchemy import ColumnElement

from lms.accounts import actions, queries
from lms.accounts.forms import LanguageForm, PasswordForm, SignInForm
from lms.accounts.models import User
from lms.accounts.passwords import DEMO_PASSWORD, DEMO_PEOPLE, matches
from lms.accounts.permissions import SignedIn, can_revoke, me, my_session, someone
from lms.core import clock, db
from lms.core.access import authorize, found, public, signed_in
from lms.core.forms import Confirm
from lms.core.words import _, label

bp = Blueprint("accounts", __name__)
login = LoginManager()
LIVE_SESSION = "bekwaam_live_session"
"""Where the app keeps the statement that finds the person of a request."""

OPEN_WITH_FIRST_PASSWORD = frozenset(
    {
        "accounts.account",
        "accounts.change_password",
        "accounts.language",
        "accounts.sign_in",
        "accounts.sign_out",
        "health.live",
        "health.ready",
        "metrics.metrics",
        "static",
    }
)
"""Where a person may go before choosing a password of their own."""


def init_app(app: Flask, *known: ColumnElement[Any]) -> None:
    """Let Flask-Login find the person of a request by the session row that the cookie names.

    What every page has to know of its reader is asked in the same statement; `known` are the columns that say it.
    """
    app.extensions[LIVE_SESSION] = queries.live_session(*known)
    login.init_app(app, add_context_processor=False)
    login.session_protection = None
    app.register_blueprint(bp)
    app.before_request(_own_password_first)


def _own_password_first() -> ResponseReturnValue | None:
    """Lead a person whose password somebody else saw to the page to choose their own, wherever they were going."""
    if request.endpoint is None or request.endpoint in OPEN_WITH_FIRST_PASSWORD:
        return None
    person = someone()
    if person is None or not person.password_is_first:
        return None
    flash(_("Choose a password of your own first: somebody else has seen this one."), "warning")
    return redirect(url_for("accounts.account"))


@login.user_loader  # type: ignore[untyped-decorator]
def _person_of(token: str) -> SignedIn | None:
    known = queries.session_by_token(db.session(), current_app.extensions[LIVE_SESSION], token, at=clock.now())
    return SignedIn(known, token) if known else None


@bp.route("/sign-in", methods=["GET", "POST"])
@public
def sign_in() -> ResponseReturnValue:
    """Let a person sign in with e-mail address and password."""
    form = SignInForm()
    if not form.validate_on_submit():
        return _sign_in_page(form), 422 if form.is_submitted() else 200
    if _is_throttled(form.email.data):
        abort(429)
    user = queries.user_by_email(db.session(), form.email.data)
    if not _may_enter(user, form.password.data):
        _note_failure(form.email.data)
        form.form_errors.append(_("This e-mail address and password do not belong together. Check both and try again."))
        return _sign_in_page(form), 422
    _enter(found(user))
    return redirect(_way_on())


def _sign_in_page(form: SignInForm) -> str:
    people = [(email, label(role)) for email, role in DEMO_PEOPLE.items()]
    return render_template(
        "accounts/sign_in.html", form=form, way_on=_way_on(), demo_people=people, demo_password=DEMO_PASSWORD
    )


def _may_enter(user: User | None, password: str) -> bool:
    """Whether the password opens that account; in production the demonstration password opens none."""
    matched = matches(password, user.password_hash if user else None)
    known = not current_app.config["BEKWAAM"].demo and (password == DEMO_PASSWORD or (user is not None and user.demo))
    return matched and not known and user is not None and user.disabled_at is None and not user.outside


def _is_throttled(email: str) -> bool:
    limit = current_app.config["BEKWAAM"].sign_in_attempts
    return queries.is_throttled(db.session(), email=email, address=_address(), limit=limit, at=clock.now())


def _note_failure(email: str) -> None:
    with db.transaction() as session:
        actions.note_attempt(session, email=email, address=_address(), succeeded=False, at=clock.now())


def _enter(user: User) -> None:
    """Open a session for the person; what the browser kept before signing in is forgotten, but its language."""
    now = clock.now()
    with db.transaction() as session:
        actions.note_attempt(session, email=user.email, address=_address(), succeeded=True, at=now)
        _opened, token = actions.open_session(session, user, device=_device(), at=now)
    _forget()
    cookie.permanent = True
    login_user(_person_of(token))


def _forget() -> None:
    """Forget what the browser kept, but the language that was chosen in it."""
    language = cookie.get("language")
    cookie.clear()
    if language:
        cookie["language"] = language


def _address() -> str:
    return request.remote_addr or ""


def _device() -> str:
    return request.user_agent.string or _("Unknown device")


def _way_on() -> str:
    """Return the page of this site that was asked for before signing in, else the home page."""
    asked = request.args.get("next")
    return asked if asked is not None and _is_path(asked) else url_for("progress.home")


@bp.post("/sign-out")
@signed_in
def sign_out() -> ResponseReturnValue:
    """End the session by which the person came."""
    with db.transaction() as session:
        actions.revoke_session(session, my_session(), by=me(), at=clock.now())
    logout_user()
    _forget()
    return _leaving()


def _leaving() -> ResponseReturnValue:
    """Lead to the page to sign in, and let the browser remove what it keeps.

    Where something waits there for somebody else, the device says so and has removed by itself what is of this person.
    """
    answer = redirect(url_for(".sign_in"))
    if "others" not in request.form:
        answer.headers["Clear-Site-Data"] = '"storage"'
    return answer


@bp.get("/account")
@signed_in
def account() -> ResponseReturnValue:
    """Show a person's own account and the devices they are signed in on."""
    sessions = queries.live_sessions(db.session(), me(), at=clock.now())
    return render_template(
        "accounts/account.html", sessions=sessions, present=my_session(), confirm=Confirm(), password=PasswordForm()
    )


@bp.post("/account/sessions/<uuid:session_id>/revoke")
@signed_in
def revoke(session_id: UUID) -> ResponseReturnValue:
    """End one of the person's sessions."""
    opened = found(queries.one_session(db.session(), session_id, me()))
    authorize(can_revoke(me(), opened))
    with db.transaction() as session:
        actions.revoke_session(session, opened, by=me(), at=clock.now())
    flash(_("That device is signed out."), "done")
    return redirect(url_for(".account"))


@bp.post("/account/sign-out-everywhere")
@signed_in
def sign_out_everywhere() -> ResponseReturnValue:
    """End all of the person's sessions, this one too."""
    with db.transaction() as session:
        actions.revoke_all_sessions(session, me(), by=me(), at=clock.now())
    logout_user()
    _forget()
    flash(_("You are signed out on every device."), "done")
    return _leaving()


@bp.post("/account/password")
@signed_in
def change_password() -> ResponseReturnValue:
    """Give the account a new password and sign out every other device."""
    form = PasswordForm()
    if form.validate_on_submit() and matches(form.present.data, me().password_hash):
        person = me()
        with db.transaction() as session:
            actions.change_password(session, person, password=form.new.data, at=clock.now())
        _enter(person)
        flash(_("Your password is changed. Other devices are signed out."), "done")
        return redirect(url_for(".account"))
    if not form.present.errors and form.present.data:
        form.present.errors = [_("This is not your present password.")]
    sessions = queries.live_sessions(db.session(), me(), at=clock.now())
    page = render_template(
        "accounts/account.html", sessions=sessions, present=my_session(), confirm=Confirm(), password=form
    )
    return page, 422


@bp.post("/language")
@public
def language() -> ResponseReturnValue:
    """Read on in another language: remembered for the person, or for this browser while nobody signed in."""
    form = LanguageForm()
    if not form.validate_on_submit():
        abort(400)
    person = someone()
    if person is not None:
        with db.transaction() as session:
            actions.choose_language(session, person, language=form.language.data, at=clock.now())
    cookie["language"] = form.language.data
    return redirect(form.next.data if _is_path(form.next.data or "") else url_for("progress.home"))


def _is_path(address: str) -> bool:
    """Whether the address is a page of this site: browsers leave out control signs and take a backslash for a slash."""
    return address.startswith("/") and not address.startswith(("//", "/\\")) and address.isprintable()
