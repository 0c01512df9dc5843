"""The read-only provider of CASE 1.1: what is public, for every tool that asks, at the addresses of the standard."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from functools import wraps
from hashlib import sha256
from typing import Any, ParamSpec

from flask import Response, request, url_for
from flask.typing import ResponseReturnValue

from competencies.packages import NodeKind
from lms.core import db
from lms.core.access import public
from lms.core.addresses import site_address
from lms.exchange.case.addresses import ROOT, with_base
from lms.exchange.case.answers import (
    Asked,
    Refused,
    asked,
    document_answer,
    node_answer,
    page_links,
    plain_answer,
    status_info,
    unknown,
)
from lms.exchange.case.names import DEFINITION_LISTS
from lms.exchange.case.writing import case_of
from lms.exchange.models import FrameworkPackage
from lms.exchange.queries import provider as queries
from lms.exchange.queries.packages import package_in_full
from lms.exchange.views.blueprint import bp

P = ParamSpec("P")
SETS = {"CFConcepts", "CFSubjects", "CFItemTypes"}
"""What the standard answers in a list: the thing and what stands below it."""


def answered(view: Callable[P, Response]) -> Callable[P, ResponseReturnValue]:
    """Let a view refuse in the words of the standard, and let everybody keep an answer who asks whether it changed."""

    @wraps(view)
    def answer(*args: P.args, **kwargs: P.kwargs) -> ResponseReturnValue:
        try:
            response = view(*args, **kwargs)
        except Refused as refusal:
            response = _json(status_info(refusal))
            response.status_code = refusal.status
            return response
        response.headers["Cache-Control"] = "public, no-cache"
        response.headers["Access-Control-Allow-Origin"] = "*"
        response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
        return response.make_conditional(request)

    return answer


def _json(value: Any) -> Response:
    response = Response(json.dumps(value, ensure_ascii=False), content_type="application/json; charset=utf-8")
    response.add_etag()
    return response


@bp.get(f"{ROOT}/CFDocuments")
@public
@answered
def case_documents() -> Response:
    """Answer with a part of the list of public documents."""
    what = asked(request.args)
    rows, total = queries.documents(
        db.session(), sort=what.sort, descending=what.descending, limit=what.limit, offset=what.offset
    )
    base = site_address()
    response = _json({"CFDocuments": [what.only(document_answer(row.document, base=base)) for row in rows]})
    response.headers["X-Total-Count"] = str(total)
    links = [f'<{_page_address(what, offset)}>; rel="{name}"' for name, offset in page_links(what, total)]
    if links:
        response.headers["Link"] = ", ".join(links)
    return response


def _page_address(what: Asked, offset: int) -> str:
    kept: dict[str, Any] = {name: request.args[name] for name in ("sort", "orderBy", "fields") if name in request.args}
    return site_address() + url_for(".case_documents", limit=what.limit, offset=offset, **kept)


@bp.get(f"{ROOT}/CFDocuments/<string:document_identifier>")
@public
@answered
def case_document(document_identifier: str) -> Response:
    """Answer with a document."""
    return _json(document_answer(_package(document_identifier).document, base=site_address()))


def _package(identifier: str) -> FrameworkPackage:
    found = queries.document(db.session(), identifier)
    if found is None:
        raise unknown(identifier)
    return found


@bp.get(f"{ROOT}/CFPackages/<string:document_identifier>")
@public
@answered
def case_package(document_identifier: str) -> Response:
    """Answer with a document and everything in it; nothing is read for a caller who has it already."""
    stored, base = _package(document_identifier), site_address()
    etag = sha256(stored.content_hash + base.encode()).hexdigest()
    if request.if_none_match.contains(etag):
        response = Response(status=304)
    else:
        response = _json(with_base(case_of(package_in_full(db.session(), stored)), base))
    response.set_etag(etag)
    return response


@bp.get(f"{ROOT}/CFItems/<string:item_identifier>")
@public
@answered
def case_item(item_identifier: str) -> Response:
    """Answer with an item."""
    data, package = _found(queries.item(db.session(), item_identifier), item_identifier)
    return _json(node_answer(data, package.document, base=site_address()))


def _found(found: queries.Found | None, identifier: str) -> queries.Found:
    if found is None:
        raise unknown(identifier)
    return found


@bp.get(f"{ROOT}/CFItemAssociations/<string:item_identifier>")
@public
@answered
def case_item_associations(item_identifier: str) -> Response:
    """Answer with an item and the associations that begin or end at it."""
    data, package = _found(queries.item(db.session(), item_identifier), item_identifier)
    base = site_address()
    associations = queries.associations_at(db.session(), package, item_identifier)
    return _json(
        {
            "CFItem": node_answer(data, package.document, base=base),
            "CFAssociations": [node_answer(one, package.document, base=base) for one in associations],
        }
    )


@bp.get(f"{ROOT}/CFAssociations/<string:association_identifier>")
@public
@answered
def case_association(association_identifier: str) -> Response:
    """Answer with an association."""
    data, package = _found(queries.association(db.session(), association_identifier), association_identifier)
    return _json(node_answer(data, package.document, base=site_address()))


@bp.get(f"{ROOT}/CFRubrics/<string:rubric_identifier>")
@public
@answered
def case_rubric(rubric_identifier: str) -> Response:
    """Answer with a rubric."""
    data, _package = _found(queries.definition(db.session(), NodeKind.RUBRIC, rubric_identifier), rubric_identifier)
    return _json(plain_answer(data, base=site_address()))


@bp.get(
    f"{ROOT}/<any(CFConcepts, CFSubjects, CFLicenses, CFItemTypes, CFAssociationGroupings):definitions>"
    "/<string:identifier>"
)
@public
@answered
def case_definition(definitions: str, identifier: str) -> Response:
    """Answer with what items refer to; a concept, subject or item type comes with those below it."""
    kind = DEFINITION_LISTS[definitions]
    data, package = _found(queries.definition(db.session(), kind, identifier), identifier)
    if definitions not in SETS:
        return _json(plain_answer(data, base=site_address()))
    return _json(
        {definitions: [plain_answer(one, base=site_address()) for one in (data, *_below(package, kind, data))]}
    )


def _below(package: FrameworkPackage, kind: NodeKind, data: Mapping[str, Any]) -> Any:
    code = data.get("hierarchyCode")
    return queries.definitions_below(db.session(), package, kind, code) if isinstance(code, str) and code else ()
