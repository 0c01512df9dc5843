"""The page of results, and what the field in the header suggests while somebody types."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from flask import Blueprint, jsonify, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lms.core import db
from lms.core.access import signed_in
from lms.core.words import _, current_language, in_language, label, ngettext
from lms.organisations.permissions import my_duties
from lms.search import queries
from lms.search.models import EntryKind
from lms.search.passages import Marker, Shown, shown
from lms.search.queries import Result
from lms.search.questions import Question, question_of

bp = Blueprint("search", __name__)

IN_A_GROUP = 6
ON_A_PAGE = 20
LAST_PAGE = 50
SUGGESTED = 3
"""Rows of each kind where all are shown, and where one is; pages of one kind; suggestions of each kind."""


@dataclass(frozen=True, slots=True)
class Group:
    """The results of one kind, and how many there are in all."""

    kind: EntryKind
    results: Sequence[Shown]
    in_all: int


@bp.get("/search")
@signed_in
def search() -> str:
    """Show what is found for the words in the address, by kind; of one kind page by page."""
    question = question_of(request.args.get("q", ""))
    kind, page = _kind(), min(request.args.get("page", 1, type=_positive), LAST_PAGE)
    older = request.args.get("older") == "yes"
    groups = _groups(question, kind=kind, page=page, older=older) if question else []
    partial = not groups and question is not None and len(question.words) > 1
    if question and partial and (page == 1 or not _found(question, each=1, kind=kind)):
        groups = _groups(question, kind=kind, page=page, older=older, every=False)
    return render_template(
        "search/search.html",
        question=question,
        kind=kind,
        page=page,
        pages_before=(page - 1) * ON_A_PAGE,
        older=older,
        groups=groups,
        found=sum(group.in_all for group in groups),
        matched=groups[0].results[0].result.matched if partial and groups else None,
        instead=_instead(question) if question and (partial or not groups) else None,
        url_of=url_of,
    )


@bp.get("/search/suggestions")
@signed_in
def suggestions() -> ResponseReturnValue:
    """Answer with the best few of each kind for what was typed so far, as the field in the header shows them."""
    question = question_of(request.args.get("q", ""))
    found = _found(question, each=SUGGESTED) if question else []
    count = len(found)
    said = ngettext("%(num)s suggestion", "%(num)s suggestions", count) if count else _("No suggestions")
    return jsonify(said=said, rows=[_suggestion(one) for one in found])


def url_of(result: Result) -> str:
    """Return the address of what was found."""
    match result.kind:
        case EntryKind.PROGRAMME:
            return url_for("curriculum.programme", version_id=result.target_id)
        case EntryKind.EPA:
            return url_for("curriculum.epa", epa_id=result.target_id)
        case EntryKind.COMPETENCY:
            return url_for("curriculum.competency", domain_id=result.target_id)
        case EntryKind.PACKAGE:
            return url_for("exchange.package", package_id=result.target_id)


def _kind() -> EntryKind | None:
    asked = request.args.get("kind", "")
    return EntryKind(asked) if asked in set(EntryKind) else None


def _positive(text: str) -> int:
    """Return a number of a page; anything else is as if it was not asked for."""
    number = int(text)
    if number < 1:
        raise ValueError
    return number


def _found(question: Question, *, each: int, kind: EntryKind | None = None) -> Sequence[Result]:
    scope = queries.findable(my_duties())
    return queries.results(db.session(), question, language=current_language(), each=each, kind=kind, scope=scope)


def _groups(question: Question, *, kind: EntryKind | None, page: int, older: bool, every: bool = True) -> list[Group]:
    """Return the results by kind: the first few of each, or one page of one."""
    each, language = (ON_A_PAGE if kind else IN_A_GROUP), current_language()
    found = queries.results(
        db.session(),
        question,
        language=language,
        each=each,
        after=(page - 1) * each,
        kind=kind,
        older=older,
        every=every,
        scope=queries.findable(my_duties()),
    )
    if not found:
        return []
    marker = Marker(question, queries.words_alike(db.session(), question))
    by_kind = [(one, list(rows)) for one, rows in groupby(found, key=lambda result: result.kind)]
    return [Group(one, [shown(row, marker, language) for row in rows], rows[0].of_its_kind) for one, rows in by_kind]


def _instead(question: Question) -> str | None:
    """Return what else could have been meant, where that finds something."""
    instead = question_of(queries.corrected(db.session(), question) or "")
    return instead.text if instead and _found(instead, each=1) else None


def _suggestion(result: Result) -> dict[str, str]:
    return {
        "title": in_language(result.title),
        "detail": " · ".join(part for part in (label(result.kind), result.code) if part),
        "url": url_of(result),
    }
