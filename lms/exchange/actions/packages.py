"""Keeping framework packages: stored whole, replaced whole, opened to everybody or closed again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from itertools import chain, groupby, islice
from operator import itemgetter
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy import delete, insert, select
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.orm import Session

from competencies.packages import Node, NodeKind, Package, end_of, places_of
from lms.accounts.models import User
from lms.authoring.actions import start_draft
from lms.core.audit import record
from lms.core.clock import day_of
from lms.core.keys import uuid7
from lms.curriculum.actions.content import content_hash
from lms.curriculum.models import Programme
from lms.exchange.actions.finding import index_package
from lms.exchange.case.writing import as_file, case_of, written
from lms.exchange.drafting import check_number, document_from
from lms.exchange.models import (
    FrameworkPackage,
    ImportPhase,
    PackageAssociation,
    PackageDefinition,
    PackageFile,
    PackageItem,
)
from lms.exchange.progress import Tell, counted, in_silence
from lms.exchange.queries.packages import item_types_of, package_in_full, package_to_complete
from lms.exchange.queries.programmes import FORMAT, package_of_version, versions_to_offer
from lms.search.actions import open_entry

Owner = Mapping[str, UUID | None]
"""The columns that say whose a package is: an organisation, an alliance or a programme version."""

AT_ONCE = 2000


def store_package(
    session: Session,
    package: Package,
    stored: FrameworkPackage | None,
    *,
    owner: Owner,
    codec: str,
    public: bool = False,
    key: UUID | None = None,
    at: datetime,
    tell: Tell = in_silence,
) -> FrameworkPackage:
    """Store a package, in the place of the one that is stored where there is one, and return its row.

    `key` is for generated data, so that it repeats.
    """
    opened_at = at if public else None
    row = stored or FrameworkPackage(
        id=key or uuid7(), identifier=package.identifier, public=public, opened_at=opened_at, version=1, **owner
    )
    row.title, row.creator = package.title, _text(package.document, "creator")
    whole = case_of(package)
    row.codec, row.changed_at, row.content_hash = codec, at, content_hash(whole)
    row.document, row.rest = dict(package.document), dict(package.rest)
    row.item_count = sum(1 for _item in package.of(NodeKind.ITEM))
    session.add(row)
    session.flush()
    for table in (PackageItem, PackageAssociation, PackageDefinition):
        if stored is not None:
            session.execute(delete(table).where(table.package_id == row.id))
    rows = chain(_item_rows(package, row.id), _association_rows(package, row.id), _definition_rows(package, row.id))
    _insert(session, counted(rows, ImportPhase.STORING, len(package.nodes), tell))
    keep_file(session, row, as_file(whole))
    index_package(session, row, package)
    return row


Row = tuple[type[Any], dict[str, Any]]
"""A table, and what one row of it holds."""


def _insert(session: Session, rows: Iterable[Row]) -> None:
    """Insert rows in portions, so that a package of any size takes no more memory than a portion does."""
    for table, of_table in groupby(rows, key=itemgetter(0)):
        while portion := [row for _table, row in islice(of_table, AT_ONCE)]:
            session.execute(insert(table), portion)


def keep_file(session: Session, stored: FrameworkPackage, content: bytes) -> None:
    """Keep a package as a file, in the place of the one that was kept."""
    whole = {"content_hash": stored.content_hash, "content": content}
    keeping = upsert(PackageFile).values(package_id=stored.id, **whole)
    session.execute(keeping.on_conflict_do_update(index_elements=["package_id"], set_=whole))


def complete(session: Session, package_id: UUID) -> None:
    """Write the file of a package that has none, and let it be found; one that is whole already stays as it is."""
    stored = package_to_complete(session, package_id)
    if stored is not None:
        package = package_in_full(session, stored)
        keep_file(session, stored, written(package))
        index_package(session, stored, package)


def key_of(package_id: UUID, kind: NodeKind, identifier: str) -> UUID:
    """Return the key of a node's row: the same as long as its package exists, also when that is imported again."""
    return uuid5(package_id, f"{kind.value} {identifier}")


def _item_rows(package: Package, package_id: UUID) -> Iterator[Row]:
    places = {place.identifier: (number, place) for number, place in enumerate(places_of(package))}
    for position, node in enumerate(package.of(NodeKind.ITEM)):
        tree_position, place = places[node.identifier]
        yield (
            PackageItem,
            _node_row(package_id, position, node)
            | {
                "tree_position": tree_position,
                "parent_id": None if place.parent is None else key_of(package_id, NodeKind.ITEM, place.parent),
                "depth": place.depth,
                "children": place.children,
                "code": node.text("humanCodingScheme"),
                "statement": node.title,
                "item_type": node.text("CFItemType"),
            },
        )


def _association_rows(package: Package, package_id: UUID) -> Iterator[Row]:
    for position, node in enumerate(package.of(NodeKind.ASSOCIATION)):
        said = {
            "type": node.text("associationType") or "",
            "origin": end_of(node, "originNodeURI"),
            "destination": end_of(node, "destinationNodeURI"),
        }
        yield PackageAssociation, _node_row(package_id, position, node) | said


def _definition_rows(package: Package, package_id: UUID) -> Iterator[Row]:
    kinds = (kind for kind in NodeKind if kind not in {NodeKind.ITEM, NodeKind.ASSOCIATION})
    for position, node in enumerate(node for kind in kinds for node in package.of(kind)):
        yield PackageDefinition, _node_row(package_id, position, node) | {"kind": node.kind, "title": node.title}


def _node_row(package_id: UUID, position: int, node: Node) -> dict[str, Any]:
    return {
        "id": key_of(package_id, node.kind, node.identifier),
        "package_id": package_id,
        "position": position,
        "identifier": node.identifier,
        "data": dict(node.data),
    }


def _text(data: Mapping[str, Any], name: str) -> str | None:
    value = data.get(name)
    return value if isinstance(value, str) else None


def open_to_everybody(session: Session, package: FrameworkPackage, *, by: UUID, at: datetime) -> None:
    """Let everybody read a package, without signing in, at the addresses of the CASE standard."""
    _set_public(session, package, public=True, by=by, at=at)


def close(session: Session, package: FrameworkPackage, *, by: UUID, at: datetime) -> None:
    """Let only those read a package whose organisation or alliance has it."""
    _set_public(session, package, public=False, by=by, at=at)


def _set_public(session: Session, package: FrameworkPackage, *, public: bool, by: UUID, at: datetime) -> None:
    if package.public == public:
        return
    package.public, package.opened_at = public, at if public else None
    open_entry(session, package.id, is_open=public)
    facts = {"identifier": package.identifier}
    record(session, "package.opened" if public else "package.closed", subject=package.id, by=by, at=at, after=facts)


def note_taken_away(session: Session, package: FrameworkPackage, *, to: str, by: UUID, at: datetime) -> None:
    """Note in the audit chain of a package who took it away as a file, and in which format."""
    facts = {"identifier": package.identifier, "format": to, "content": package.content_hash.hex()}
    record(session, "package.taken_away", subject=package.id, by=by, at=at, after=facts)


def offer_programmes(session: Session, *, at: datetime) -> int:
    """Make the packages of the programme versions that have none, for everybody to ask for; return how many."""
    waiting = versions_to_offer(session, on=day_of(at))
    for version, stored in waiting:
        package = package_of_version(session, version)
        owner: Owner = {"programme_version_id": version.id}
        row = store_package(session, package, stored, owner=owner, codec=FORMAT, public=True, at=at)
        facts = {"identifier": row.identifier, "content": row.content_hash.hex(), "version": version.version}
        record(session, "package.offered", subject=row.id, target=version.id, by=None, at=at, after=facts)
    return len(waiting)


def start_draft_from(
    session: Session, stored: FrameworkPackage, *, item_type: str, place_id: UUID, by: User, at: datetime
) -> UUID:
    """Start the draft of a programme whose EPAs are the items of a type; return its key.

    Raises RuleBroken as `document_from` and `start_draft` do.
    """
    check_number(dict(item_types_of(session, stored.id)).get(item_type, 0))
    taken = session.scalars(select(Programme.key)).all()
    document = document_from(package_in_full(session, stored), item_type, taken=taken)
    return start_draft(session, document, based_on=None, owner=place_id, by=by, at=at).id
