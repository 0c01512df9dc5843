"""Making the nodes of a package of ours: identifiers, addresses, types and places, each node at most once."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from competencies.packages import CHILD_OF, Node, NodeKind
from lms.exchange.case.addresses import address, in_programme
from lms.exchange.case.names import LIST_OF
from lms.exchange.case.texts import TYPES

Block = Mapping[str, Any]


class NodeMaker:
    """Makes nodes of one version of a programme, all changed at one moment, at addresses with one base."""

    def __init__(self, programme: str, version: str, *, changed_at: datetime, base: str) -> None:
        self.programme, self.version, self.base = programme, version, base
        self.when = changed_at.astimezone(UTC).replace(microsecond=0).isoformat()
        self.nodes: dict[tuple[NodeKind, str], Node] = {}

    def key(self, *names: str) -> str:
        """Return the identifier of what the programme calls so."""
        return in_programme(self.programme, self.version, *names)

    def add(self, kind: NodeKind, identifier: str, **data: Any) -> dict[str, Any]:
        """Add a node with what it says; return its data."""
        whole = {
            "identifier": identifier,
            "uri": address(LIST_OF[kind], identifier, base=self.base),
            "lastChangeDateTime": self.when,
        } | {name: value for name, value in data.items() if value not in (None, "", [], {})}
        self.nodes[kind, identifier] = Node(kind, identifier, whole)
        return whole

    def item(self, kind: str, parent: Block, number: int, *names: str, identifier: str = "", **data: Any) -> Any:
        """Add an item of a type under its parent, at that place among its siblings; return its data."""
        of_type = self.add(NodeKind.ITEM_TYPE, self.key("type", kind), **TYPES[kind])
        item = self.add(
            NodeKind.ITEM,
            identifier or self.key(kind, *names),
            CFItemType=of_type["title"],
            CFItemTypeURI=link(of_type),
            language="nl",
            **data,
        )
        self.associate(CHILD_OF, item, parent, sequenceNumber=number)
        return item

    def associate(self, kind: str, origin: Block, destination: Block, **data: Any) -> None:
        """Add an association between two nodes; a link stands for a node elsewhere."""
        self.add(
            NodeKind.ASSOCIATION,
            self.key(kind, origin["identifier"], destination["identifier"]),
            associationType=kind,
            originNodeURI=link(origin),
            destinationNodeURI=link(destination),
            **data,
        )


def link(node: Block) -> dict[str, str]:
    """Return the link to a node."""
    title = node.get("fullStatement") or node.get("title") or node["identifier"]
    return {"title": title, "identifier": node["identifier"], "uri": node["uri"]}
