"""The read-only provider of CASE 1.1: what is public, for every tool that asks, at the addresses of the standard.

Beside the common provider each organisation and alliance has one of its own, with its own packages: of two with one
identifier only the first is at the common address.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from functools import wraps
from hashlib import sha256
from typing import Any, ParamSpec
from urllib.parse import urlencode
from uuid import UUID

from flask import Response, request
from flask.typing import ResponseReturnValue

from competencies.packages import NodeKind
from lms.core import db
from lms.core.access import public
from lms.core.addresses import site_address
from lms.exchange.case.addresses import ROOT, provider_of
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
    unknown_address,
)
from lms.exchange.case.names import DEFINITION_LISTS
from lms.exchange.models import FrameworkPackage
from lms.exchange.package_files import case_file
from lms.exchange.queries import provider as queries
from lms.exchange.views.blueprint import bp

P = ParamSpec("P")
JSON = "application/json; charset=utf-8"
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


def _at(path: str) -> Callable[[Callable[P, ResponseReturnValue]], Callable[P, ResponseReturnValue]]:
    """Let a view answer at an address of the standard, of the common provider and of that of each place."""

    def route(view: Callable[P, ResponseReturnValue]) -> Callable[P, ResponseReturnValue]:
        bp.get(f"{ROOT}{path}")(view)
        return bp.get(f"/providers/<uuid:place_id>{ROOT}{path}")(view)

    return route


def _provider(place_id: UUID | None) -> str:
    return provider_of(place_id, base=site_address())


def _json(value: Any) -> Response:
    response = Response(json.dumps(value, ensure_ascii=False), content_type=JSON)
    response.add_etag()
    return response


@_at("/CFDocuments")
@public
@answered
def case_documents(place_id: UUID | None = None) -> Response:
    """Answer with a part of the list of public documents."""
    what = asked(request.args)
    rows, total = queries.documents(db.session(), place_id, what)
    base = _provider(place_id)
    response = _json({"CFDocuments": [what.only(document_answer(row.document, base=base)) for row in rows]})
    response.headers["X-Total-Count"] = str(total)
    links = [f'<{_page_address(what, offset, base)}>; rel="{name}"' for name, offset in page_links(what, total)]
    if links:
        response.headers["Link"] = ", ".join(links)
    return response


def _page_address(what: Asked, offset: int, base: str) -> str:
    kept = {name: request.args[name] for name in ("sort", "orderBy", "fields", "filter") if name in request.args}
    return f"{base}{ROOT}/CFDocuments?{urlencode({'limit': what.limit, 'offset': offset} | kept)}"


@_at("/CFDocuments/<string:document_identifier>")
@public
@answered
def case_document(document_identifier: str, place_id: UUID | None = None) -> Response:
    """Answer with a document."""
    return _json(document_answer(_package(place_id, document_identifier).document, base=_provider(place_id)))


def _package(place_id: UUID | None, identifier: str) -> FrameworkPackage:
    found = queries.document(db.session(), place_id, identifier)
    if found is None:
        raise unknown(identifier)
    return found


@_at("/CFPackages/<string:document_identifier>")
@public
@answered
def case_package(document_identifier: str, place_id: UUID | None = None) -> Response:
    """Answer with a document and everything in it, as it was written when it was stored."""
    stored, base = _package(place_id, document_identifier), site_address()
    etag = sha256(stored.content_hash + base.encode()).hexdigest()
    content = b"" if request.if_none_match.contains(etag) else case_file(db.session(), stored, base=base)
    response = Response(content, content_type=JSON)
    response.set_etag(etag)
    return response


@_at("/CFItems/<string:item_identifier>")
@public
@answered
def case_item(item_identifier: str, place_id: UUID | None = None) -> Response:
    """Answer with an item."""
    data, package = _found(queries.item(db.session(), place_id, item_identifier), item_identifier)
    return _json(node_answer(data, package.document, base=site_address()))


def _found(found: queries.Found | None, identifier: str) -> queries.Found:
    if found is None:
        raise unknown(identifier)
    return found


@_at("/CFItemAssociations/<string:item_identifier>")
@public
@answered
def case_item_associations(item_identifier: str, place_id: UUID | None = None) -> Response:
    """Answer with an item and the associations that begin or end at it."""
    data, package = _found(queries.item(db.session(), place_id, item_identifier), item_identifier)
    base = site_address()
    associations = queries.associations_at(db.session(), package, item_identifier)
    return _json(
        {
            "CFItem": node_answer(data, package.document, base=base),
            "CFAssociations": [node_answer(one, package.document, base=base) for one in associations],
        }
    )


@_at("/CFAssociations/<string:association_identifier>")
@public
@answered
def case_association(association_identifier: str, place_id: UUID | None = None) -> Response:
    """Answer with an association."""
    found = queries.association(db.session(), place_id, association_identifier)
    data, package = _found(found, association_identifier)
    return _json(node_answer(data, package.document, base=site_address()))


@_at("/CFRubrics/<string:rubric_identifier>")
@public
@answered
def case_rubric(rubric_identifier: str, place_id: UUID | None = None) -> Response:
    """Answer with a rubric."""
    found = queries.definition(db.session(), place_id, NodeKind.RUBRIC, rubric_identifier)
    return _json(plain_answer(_found(found, rubric_identifier)[0], base=site_address()))


@_at("/<any(CFConcepts, CFSubjects, CFLicenses, CFItemTypes, CFAssociationGroupings):definitions>/<string:identifier>")
@public
@answered
def case_definition(definitions: str, identifier: str, place_id: UUID | None = None) -> Response:
    """Answer with what items refer to; a concept, subject or item type comes with those below it."""
    kind = DEFINITION_LISTS[definitions]
    data, package = _found(queries.definition(db.session(), place_id, kind, identifier), identifier)
    if definitions not in SETS:
        return _json(plain_answer(data, base=site_address()))
    return _json(
        {definitions: [plain_answer(one, base=site_address()) for one in (data, *_below(package, kind, data))]}
    )


@_at("/<path:other>")
@public
@answered
def case_unknown(other: str, place_id: UUID | None = None) -> Response:
    """Answer to what the standard does not have as it does to all that is not there."""
    raise unknown_address(other, place_id)


def _below(package: FrameworkPackage, kind: NodeKind, data: Mapping[str, Any]) -> Any:
    code = data.get("hierarchyCode")
    return queries.definitions_below(db.session(), package, kind, code) if isinstance(code, str) and code else ()
