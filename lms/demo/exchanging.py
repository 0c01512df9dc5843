"""What came in from elsewhere in the demonstration: a framework, and a newer file of it that nobody imported yet."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from competencies.packages import CHILD_OF, Node, NodeKind, Package, stable_identifier
from lms.core.keys import keys_from
from lms.demo.chance import Chance
from lms.exchange.actions.imports import show_preview
from lms.exchange.actions.packages import store_package
from lms.exchange.case.writing import written
from lms.exchange.codecs import ImportedPackage
from lms.exchange.models import Import, ImportProgress, ImportState

AREAS: dict[str, tuple[str, ...]] = {
    "Klinisch redeneren": (
        "Verzamelt gegevens gericht en in een vaste volgorde",
        "Herkent achteruitgang en weegt hoe snel hulp nodig is",
        "Legt uit waarom een actie nu nodig is of kan wachten",
    ),
    "Samenwerken en overdragen": (
        "Draagt over volgens SBAR en controleert of het is begrepen",
        "Vraagt op tijd om hulp en zegt welke hulp",
    ),
    "Veilig werken": (
        "Controleert identiteit, middel, dosis en toedieningsweg",
        "Meldt wat bijna misging en bespreekt wat er te leren valt",
    ),
}
NEWER = "Evalueert de zorg met de patiënt en stelt het plan bij"


def show_exchange(session: Session, chance: Chance, *, place_id: UUID, lead_id: UUID, at: datetime) -> None:
    """Store an invented framework for an organisation, and beside it the preview of a newer file, not yet imported."""
    before, after = at - timedelta(days=200), at - timedelta(days=2)
    owner = {"organisation_id": place_id, "alliance_id": None}
    key = UUID(str(chance.key(before)))
    store_package(session, _framework(before, "1.0"), None, key=key, owner=owner, codec="case", at=before)
    newer = _framework(before, "1.1", NEWER)
    one = Import(
        id=UUID(str(chance.key(after))),
        uploaded_by_id=lead_id,
        uploaded_at=after,
        file_name="verpleegkundige-basis-1.1.json",
        size=len(written(newer)),
        content=written(newer),
        codec="case",
        language="nl",
        state=ImportState.READING,
        counts={},
        progress=ImportProgress(),
        **owner,
    )
    session.add(one)
    session.flush()
    with keys_from(lambda: UUID(str(chance.key(after)))):
        show_preview(session, one, ImportedPackage(newer), at=after)
        session.flush()


def _framework(at: datetime, version: str, *more: str) -> Package:
    document = _node("document", "", at) | {
        "title": "Verpleegkundige basis (verzonnen)",
        "creator": "Voorbeeldraad",
        "language": "nl",
        "version": version,
        "adoptionStatus": "Draft",
    }
    return Package(document, list(_nodes(document, at, more)))


def _nodes(document: dict[str, Any], at: datetime, more: tuple[str, ...]) -> Iterator[Node]:
    areas = {**AREAS, "Klinisch redeneren": (*AREAS["Klinisch redeneren"], *more)}
    for number, (area, statements) in enumerate(areas.items(), 1):
        parent = _item(area, "Domein", str(number), at)
        yield parent
        yield _under(parent, document, number, at)
        for place, statement in enumerate(statements, 1):
            child = _item(statement, "Competentie", f"{number}.{place}", at)
            yield child
            yield _under(child, parent.data, place, at)


def _item(statement: str, kind: str, code: str, at: datetime) -> Node:
    data = _node("item", statement, at) | {"fullStatement": statement, "CFItemType": kind, "humanCodingScheme": code}
    return Node(NodeKind.ITEM, data["identifier"], data)


def _under(child: Node, parent: Any, number: int, at: datetime) -> Node:
    ends = {"originNodeURI": _link(child.data), "destinationNodeURI": _link(parent)}
    data = _node("under", child.identifier, at) | {"associationType": CHILD_OF, "sequenceNumber": number, **ends}
    return Node(NodeKind.ASSOCIATION, data["identifier"], data)


def _node(kind: str, name: str, at: datetime) -> dict[str, Any]:
    identifier = stable_identifier("demonstration", kind, name)
    address = f"https://voorbeeldraad.example/ims/case/v1p1/{kind}/{identifier}"
    return {"identifier": identifier, "uri": address, "lastChangeDateTime": at.replace(microsecond=0).isoformat()}


def _link(data: Any) -> dict[str, str]:
    return {
        "title": data.get("fullStatement") or data["title"],
        "identifier": data["identifier"],
        "uri": data["uri"],
    }
