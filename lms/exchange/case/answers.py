"""What a CASE provider answers: things with the links that they have outside a package, and refusals."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from lms.exchange.case.addresses import address, with_base
from lms.exchange.case.filters import ANYTHING, Filter, NoFilter, filter_of
from lms.exchange.case.writing import in_order

MOST_DOCUMENTS = 1000
USUAL_DOCUMENTS = 100
DOCUMENT_FIELDS = frozenset(
    {
        *("identifier", "uri", "creator", "title", "lastChangeDateTime", "officialSourceURL", "publisher"),
        *("description", "subject", "subjectURI", "language", "version", "adoptionStatus", "statusStartDate"),
        *("statusEndDate", "licenseURI", "notes", "CFPackageURI", "frameworkType", "caseVersion", "extensions"),
    }
)
"""The fields of a document that can be asked for."""

SORTABLE = DOCUMENT_FIELDS - {"subject", "subjectURI", "licenseURI", "CFPackageURI", "extensions"}
"""The fields that the list can be sorted and filtered by: those that hold one text."""


class Refused(Exception):
    """A question that gets no answer: with which status, and the standard's word for why."""

    def __init__(self, status: int, code: str, about: str) -> None:
        super().__init__(about)
        self.status, self.code, self.about = status, code, about


def status_info(refusal: Refused) -> dict[str, Any]:
    """Return a refusal as the standard writes it: an imsx_StatusInfo."""
    minor = {"imsx_codeMinorFieldName": "sourcedId", "imsx_codeMinorFieldValue": refusal.code}
    return {
        "imsx_codeMajor": "failure",
        "imsx_severity": "error",
        "imsx_description": refusal.about,
        "imsx_codeMinor": {"imsx_codeMinorField": [minor]},
    }


def unknown(identifier: str) -> Refused:
    """Return the refusal of an identifier that we do not know, or that is none."""
    try:
        UUID(identifier)
    except ValueError:
        return Refused(404, "invaliduuid", "This is not a UUID.")
    return Refused(404, "unknownobject", "There is nothing public with this identifier.")


def unknown_address(path: str, place_id: UUID | None) -> Refused:
    """Return the refusal of an address that a provider does not have."""
    whose = "This provider" if place_id is None else "The provider of this place"
    return Refused(404, "unknownobject", f"{whose} has nothing at {path}.")


def document_answer(document: Mapping[str, Any], *, base: str) -> dict[str, Any]:
    """Return a document as it stands alone: with the link to its package."""
    identifier = str(document["identifier"])
    whole = {"CFPackageURI": _link(document, address("CFPackages", identifier, base=base))} | dict(document)
    answer: dict[str, Any] = in_order(with_base(whole, base))
    return answer


def node_answer(data: Mapping[str, Any], document: Mapping[str, Any], *, base: str) -> dict[str, Any]:
    """Return an item or an association as it stands alone: with the link to its document."""
    whole = {"CFDocumentURI": _link(document, str(document.get("uri", "")))} | dict(data)
    answer: dict[str, Any] = in_order(with_base(whole, base))
    return answer


def plain_answer(data: Mapping[str, Any], *, base: str) -> dict[str, Any]:
    """Return anything else as it stands in its package."""
    answer: dict[str, Any] = in_order(with_base(dict(data), base))
    return answer


def _link(document: Mapping[str, Any], uri: str) -> dict[str, Any]:
    return {"title": document.get("title") or "", "identifier": document["identifier"], "uri": uri}


@dataclass(frozen=True, slots=True)
class Asked:
    """Which part of the list of documents somebody asks for, in which order and with which fields (empty: all)."""

    limit: int = USUAL_DOCUMENTS
    offset: int = 0
    sort: str | None = None
    descending: bool = False
    fields: tuple[str, ...] = ()
    filter: Filter = ANYTHING

    def only(self, answer: Mapping[str, Any]) -> dict[str, Any]:
        """Return of a document the fields that were asked for."""
        return {name: answer[name] for name in answer if not self.fields or name in self.fields}


def asked(arguments: Mapping[str, str]) -> Asked:
    """Return what the arguments of an address ask for; raise Refused for what the standard does not know."""
    fields = tuple(filter(None, arguments.get("fields", "").split(",")))
    if strange := next((name for name in fields if name not in DOCUMENT_FIELDS), None):
        raise Refused(400, "invalid_selection_field", f"A CFDocument has no field {strange[:100]}.")
    sort = arguments.get("sort") or None
    if sort is not None and sort not in SORTABLE:
        raise Refused(400, "invalid_sort_field", f"CFDocuments cannot be sorted by {sort[:100]}.")
    order = arguments.get("orderBy", "asc").lower()
    if order not in {"asc", "desc"}:
        raise Refused(400, "invalid_sort_field", "orderBy is asc or desc.")
    limit = _number(arguments, "limit", USUAL_DOCUMENTS)
    offset, only = _number(arguments, "offset", 0), _filter(arguments.get("filter", ""))
    return Asked(min(limit, MOST_DOCUMENTS), offset, sort, order == "desc", fields, only)


def _filter(text: str) -> Filter:
    try:
        return filter_of(text, fields=SORTABLE) if text.strip() else ANYTHING
    except NoFilter as wrong:
        raise Refused(400, "invalid_selection_field", str(wrong)) from wrong


def _number(arguments: Mapping[str, str], name: str, usual: int) -> int:
    text = arguments.get(name, str(usual))
    if not (text.isascii() and text.isdecimal() and len(text) <= 9):
        raise Refused(400, "invalid_selection_field", f"{name} is a whole number, zero or more.")
    return int(text)


def page_links(asked_for: Asked, total: int) -> Iterable[tuple[str, int]]:
    """Yield the other pages of a list, each with its offset: first, prev, next and last, as far as they are there."""
    step = max(asked_for.limit, 1)
    if asked_for.offset > 0:
        yield "first", 0
        yield "prev", max(asked_for.offset - step, 0)
    if asked_for.offset + step < total:
        yield "next", asked_for.offset + step
        yield "last", (total - 1) // step * step
