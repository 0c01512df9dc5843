"""The web application: its settings, what it stands on, and its features in order."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from pathlib import Path

from flask import Flask, current_app, has_request_context, request
from flask import session as cookie
from flask_babel import Babel
from flask_wtf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

import lms.accounts.views as accounts
import lms.assessments.views as assessments
import lms.attainments.views as attainments
import lms.authoring.views as authoring
import lms.cohorts.views as cohorts
import lms.concerns.views as concerns
import lms.curriculum.views as curriculum
import lms.entrustment.views as entrustment
import lms.evidence.views as evidence
import lms.exchange.views as exchange
import lms.invitations.views as invitations
import lms.logbook.views as logbook
import lms.moves.views as moves
import lms.multisource.views as multisource
import lms.notices.views as notices
import lms.offline.views as offline
import lms.organisations.views as organisations
import lms.paths.views as paths
import lms.progress.views as progress
import lms.reflections.views as reflections
import lms.reports.views as reports
import lms.rosters.views as rosters
import lms.search.views as search
from lms.accounts.permissions import known_of_me, someone
from lms.core import errors, health, links, logs, metrics, publishing, security, templating
from lms.core.access import Gate, gate_of
from lms.core.db import database, from_json
from lms.core.words import LANGUAGES
from lms.notices.queries import UNREAD
from lms.organisations.queries import MY_ROLES
from lms.progress.navigation import navigation
from lms.progress.queries import MY_WORK
from lms.settings import Settings

ROOT = Path(__file__).resolve().parent
FEATURES = (
    organisations,
    notices,
    offline,
    curriculum,
    search,
    authoring,
    exchange,
    cohorts,
    evidence,
    attainments,
    logbook,
    reflections,
    concerns,
    assessments,
    invitations,
    multisource,
    rosters,
    entrustment,
    progress,
    moves,
    paths,
    reports,
)
YEAR = timedelta(days=365)

csrf = CSRFProtect()


class Bekwaam(Flask):
    """The application, with templates of its own kind."""

    jinja_environment = templating.Environment


def create_app(settings: Settings) -> Flask:
    """Return the application for these settings."""
    app = Bekwaam(__name__, template_folder=str(ROOT.parent / "templates"))
    app.config.from_mapping(_configuration(settings))
    if proxies := settings.trusted_proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=proxies, x_proto=proxies)  # type: ignore[method-assign]
    logs.init_app(app)
    security.init_app(app)
    metrics.init_app(app)
    publishing.init_app(app)
    links.init_app(app)
    templating.init_app(app)
    errors.init_app(app)
    database.init_app(app)
    csrf.init_app(app)
    Babel(app, configure_jinja=False, locale_selector=_language, timezone_selector=lambda: "Europe/Amsterdam")
    app.register_blueprint(health.bp)
    accounts.init_app(app, MY_ROLES, *MY_WORK, UNREAD)
    for feature in FEATURES:
        app.register_blueprint(feature.bp)
    _exempt_links(app)
    app.context_processor(_surroundings)
    return app


def _exempt_links(app: Flask) -> None:
    """Let forms behind a link be checked by their own token alone: their pages tell no referrer to check beside it."""
    for view in app.view_functions.values():
        if gate_of(view) is Gate.LINK:
            csrf.exempt(view)


def _configuration(settings: Settings) -> dict[str, object]:
    return {
        "BEKWAAM": settings,
        "SECRET_KEY": settings.secret_key,
        "SQLALCHEMY_DATABASE_URI": settings.database_url,
        "SQLALCHEMY_ENGINE_OPTIONS": {
            "pool_size": 8,
            "max_overflow": 4,
            "pool_pre_ping": True,
            "json_deserializer": from_json,
            "hide_parameters": True,  # What a statement was about to write is not for the log of its failure.
        },
        "MAX_CONTENT_LENGTH": settings.largest_request,
        "MAX_FORM_MEMORY_SIZE": settings.largest_request,
        "WTF_CSRF_TIME_LIMIT": None,
        "WTF_CSRF_SSL_STRICT": settings.https,
        "SESSION_COOKIE_NAME": "bekwaam",
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_SECURE": settings.https,
        "SESSION_REFRESH_EACH_REQUEST": False,
        "PERMANENT_SESSION_LIFETIME": timedelta(days=1),
        "SEND_FILE_MAX_AGE_DEFAULT": YEAR,
        "BABEL_DEFAULT_LOCALE": LANGUAGES[0],
        "ASSETS_VERSION": _assets_version(),
        "DEBUG": settings.debug,
        "TESTING": False,
    }


def _assets_version() -> str:
    """Return a short hash of all static files: a changed file gets a new address."""
    digest = hashlib.sha256()
    for path in sorted((ROOT / "static").rglob("*")):
        if path.is_file():
            digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def _language() -> str:
    """Return the language of the address, else the reader's own, this browser's choice, or what the browser asks for.

    Outside a request the reader is an operator, whose commands speak English.
    """
    if not has_request_context():
        return "en"
    if named := publishing.language_of_address():
        return named
    person = someone()
    chosen = (person.language if person else None) or cookie.get("language")
    return chosen or request.accept_languages.best_match(LANGUAGES) or LANGUAGES[0]


def _surroundings() -> dict[str, object]:
    """Return what the frame of every page needs: who reads it, and where they can go."""
    person = someone() if request.endpoint else None
    return {
        "person": person,
        "navigation": navigation() if person else [],
        "unread": known_of_me().unread if person else 0,
        "demo_mode": _demo(),
        "published": bool(request.endpoint) and publishing.is_published(),
        "by_link": bool(request.endpoint) and links.is_by_link(),
    }


def _demo() -> bool:
    return bool(current_app.config["BEKWAAM"].demo)
