"""Strange and plain CASE packages for the tests, and the files of others where they are at hand."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.orm import Session

from lms.demo.chance import Chance
from lms.demo.exchanging import show_exchange
from lms.exchange.actions import store_package
from lms.exchange.case.reading import package_of
from lms.exchange.models import FrameworkPackage, Import, PackageItem
from lms.organisations.models import Organisation
from tests.factories import NOW, Ward, make_organisation

CONFORMANCE = Path(__file__).resolve().parents[3] / "shared/conformance/case"
WHEN = "2026-01-01T00:00:00+00:00"

SAMPLES = sorted(CONFORMANCE.glob("opensalt-*.json"))
needs_samples = pytest.mark.skipif(not SAMPLES, reason=f"the packages of others are not there: {CONFORMANCE}")


def node(number: int, **fields: Any) -> dict[str, Any]:
    """Return the fields that every node has, with these besides."""
    identifier = f"00000000-0000-4000-8000-{number:012d}"
    return {"identifier": identifier, "uri": f"https://elsewhere.example/{identifier}", "lastChangeDateTime": WHEN} | (
        fields
    )


def link(number: int, title: str = "A link") -> dict[str, str]:
    """Return a link to a node."""
    return {"title": title, "identifier": node(number)["identifier"], "uri": node(number)["uri"]}


def association(number: int, child: int, parent: int, kind: str = "isChildOf", **fields: Any) -> dict[str, Any]:
    """Return an association between two nodes."""
    ends: dict[str, Any] = {"originNodeURI": link(child), "destinationNodeURI": link(parent)}
    return node(number, associationType=kind) | ends | fields


def small_package(*, statement: str = "First", extra: Any = None) -> dict[str, Any]:
    """Return a package of three items, two of them under the first, with a field that nobody knows everywhere."""
    unknown = {"x-ours": extra or {"deep": [1, 2.5, None, {"yes": True}]}}
    return {
        "CFDocument": node(1, title="Small", creator="Somebody", **unknown),
        "CFItems": [
            node(11, fullStatement=statement, CFItemType="Domain", humanCodingScheme="A", **unknown),
            node(12, fullStatement="Second, é", CFItemType="EPA", extensions={"theirs": {"a": [1]}}),
            node(13, fullStatement="Third", CFItemType="EPA"),
        ],
        "CFAssociations": [
            association(21, 12, 11, sequenceNumber=2) | unknown,
            association(22, 13, 11, sequenceNumber=1),
            association(23, 11, 1),
            association(24, 12, 99, "exactMatchOf"),
        ],
        "CFDefinitions": {"CFItemTypes": [node(31, title="EPA", description="", hierarchyCode="1")], **unknown},
        "CFRubrics": [node(41, title="Levels", CFRubricCriteria=[node(42, CFRubricCriterionLevels=[node(43)])])],
        "x-package": "kept",
    }


def large_package(items: int, *, statement: str = "Item") -> dict[str, Any]:
    """Return a package of so many items in a tree of hundreds."""
    return {
        "CFDocument": node(1, title="Large", creator="Somebody"),
        "CFItems": [node(100 + number, fullStatement=f"{statement} {number}") for number in range(items)],
        "CFAssociations": [
            association(10_000_000 + number, 100 + number, 100 + number // 100 if number >= 100 else 1)
            for number in range(items)
        ],
    }


def as_file(package: Any) -> bytes:
    """Return a package as the bytes of a file."""
    return json.dumps(package, ensure_ascii=False).encode()


def framework_of(session: Session, ward: Ward) -> dict[str, Any]:
    """Give a hospital a framework and a newer file of it to decide on; return the keys that addresses name."""
    show_exchange(session, Chance("test"), place_id=ward.organisation.id, lead_id=ward.lead.id, at=NOW)
    package = session.query(FrameworkPackage).filter_by(organisation_id=ward.organisation.id).one()
    item = session.query(PackageItem).filter_by(package_id=package.id).first()
    assert item is not None
    offered = make_public(session, small_package(), make_organisation(session))
    keys = {"import_id": session.query(Import.id).scalar(), "package_id": package.id, "item_id": item.id}
    return keys | {
        "place_id": offered.organisation_id,
        "document_identifier": offered.identifier,
        "item_identifier": node(11)["identifier"],
        "association_identifier": node(21)["identifier"],
        "rubric_identifier": node(41)["identifier"],
        "definitions": "CFItemTypes",
        "other": "CFFrameworks",
        "identifier": node(31)["identifier"],
    }


def make_public(session: Session, package: Any, owner: Organisation) -> FrameworkPackage:
    """Store a package for an organisation, open to everybody."""
    owners = {"organisation_id": owner.id, "alliance_id": None}
    return store_package(session, package_of(package, "x"), None, owner=owners, codec="case", public=True, at=NOW)
