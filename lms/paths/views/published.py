"""The public pages: every programme as a path that anybody may read and link to, in the language of its address."""

from __future__ import annotations

from flask import Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lms.core import db
from lms.core.access import found, public, published
from lms.core.words import LANGUAGES
from lms.curriculum import overview
from lms.curriculum import queries as curriculum
from lms.curriculum.values import provenance_at, shown_code_of
from lms.paths import queries, steps
from lms.paths.sitemap import as_xml
from lms.paths.views.blueprint import bp


@bp.get("/<language:language>/learn")
@published
def programmes() -> str:
    """Show the programmes that one can follow."""
    return render_template(
        "paths/programmes.html",
        programmes=curriculum.programmes(db.session()),
        addresses=_addresses("paths.programmes"),
    )


@bp.get("/<language:language>/learn/<string:key>")
@published
def programme(key: str) -> str:
    """Show one programme from what it asks of whoever begins to what it leads to."""
    version = found(queries.published_version(db.session(), key))
    return render_template(
        "paths/programme.html",
        programme=version,
        epas=overview.epas_by_key(version),
        groups=overview.epa_groups(version),
        milestones=steps.milestones(version),
        lessons=steps.days_of_lessons(version),
        vocabulary=curriculum.vocabulary(db.session()),
        module_titles=steps.module_titles,
        shown_code_of=shown_code_of,
        provenance_at=provenance_at,
        addresses=_addresses("paths.programme", key=key),
    )


@bp.get("/learn")
@public
def in_any_language() -> ResponseReturnValue:
    """Lead to the list of programmes in the language that the browser asks for."""
    return _led_to(url_for(".programmes", language=_best_language()))


@bp.get("/learn/<string:key>")
@public
def programme_in_any_language(key: str) -> ResponseReturnValue:
    """Lead to a programme in the language that the browser asks for."""
    return _led_to(url_for(".programme", language=_best_language(), key=key))


@bp.get("/sitemap.xml")
@published
def sitemap() -> Response:
    """Answer with the addresses of all public pages, for search engines."""
    pages = [_addresses("paths.programmes")]
    pages += [_addresses("paths.programme", key=one.programme.key) for one in curriculum.programmes(db.session())]
    return Response(as_xml(pages), mimetype="application/xml")


@bp.get("/robots.txt")
@published
def robots() -> Response:
    """Answer with what search engines may read: the public pages and nothing else."""
    allowed = [f"Allow: /{language}/learn" for language in LANGUAGES]
    lines = ["User-agent: *", *allowed, "Allow: /learn", "Allow: /static/", "Allow: /sitemap.xml", "Disallow: /"]
    return Response(
        "\n".join([*lines, "", f"Sitemap: {url_for('.sitemap', _external=True)}", ""]), mimetype="text/plain"
    )


def _addresses(endpoint: str, **values: str) -> dict[str, str]:
    """Return the whole address of a page in every language."""
    return {one: url_for(endpoint, _external=True, language=one, **values) for one in LANGUAGES}


def _best_language() -> str:
    return request.accept_languages.best_match(LANGUAGES) or LANGUAGES[0]


def _led_to(url: str) -> ResponseReturnValue:
    answer = redirect(url)
    answer.vary.add("Accept-Language")
    return answer
