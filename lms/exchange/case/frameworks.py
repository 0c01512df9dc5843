"""The frameworks of a programme in a CASE package: its own with domains and indicators, and what it names of others."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from competencies.packages import NodeKind
from lms.exchange.case.addresses import in_framework
from lms.exchange.case.nodes import Block, NodeMaker, link
from lms.exchange.case.texts import OWN, dutch

Words = Mapping[str, str]


class FrameworkMaker(NodeMaker):
    """Makes the nodes of frameworks; `titles` are those of domains outside the file, as `Surroundings` has them."""

    def __init__(
        self, document: Block, *, titles: Mapping[tuple[str, str], Words], changed_at: datetime, base: str
    ) -> None:
        facts = document["programme"]
        super().__init__(facts["key"], facts["version"], changed_at=changed_at, base=base)
        self.document, self.titles = document, titles
        self.own_frameworks = {one["id"] for one in document.get("frameworks", ())}

    def framework(self, root: Block, framework: Block) -> None:
        """Add a framework of the file with everything in it."""
        licence = self._licence(framework)
        above = self.item(
            "framework",
            root,
            len(self.own_frameworks),
            framework["id"],
            fullStatement=dutch(framework["title"]),
            alternativeLabel=framework["title"].get("en"),
            humanCodingScheme=framework["id"],
            licenseURI=link(licence) if licence else None,
        )
        for domain in sorted(framework["domains"], key=lambda one: one["order"]):
            self._own_domain(above, framework, domain)

    def _licence(self, framework: Block) -> dict[str, Any] | None:
        if not framework.get("licence_note"):
            return None
        return self.add(
            NodeKind.LICENCE,
            self.key("licence", framework["id"]),
            title=dutch(framework["title"]),
            licenseText=framework["licence_note"],
        )

    def _own_domain(self, above: Block, framework: Block, domain: Block) -> None:
        names = (framework["id"], domain["id"])
        item = self.item("domain", above, domain["order"], *names, **_titled(domain))
        elements = {
            element["id"]: self.item("element", item, number, *names, element["id"], **_titled(element))
            for number, element in enumerate(domain.get("elements", ()), 1)
        }
        levels = {level["id"]: dutch(level["title"]) for level in framework.get("levels", ())}
        for number, indicator in enumerate(domain.get("indicators", ()), 1):
            self.item(
                "indicator",
                elements.get(indicator.get("element"), item),
                number,
                *names,
                str(number),
                fullStatement=dutch(indicator["text"]),
                alternativeLabel=indicator["text"].get("en"),
                educationLevel=[levels.get(indicator["level"], indicator["level"])],
            )

    def domain(self, root: Block, framework: str, key: str) -> Block:
        """Return the item of a domain or element, made where no framework of the file has it."""
        if framework in self.own_frameworks:
            if (domain := self.nodes.get((NodeKind.ITEM, self.key("domain", framework, key)))) is not None:
                return domain.data
            if (element := self._element(framework, key)) is not None:
                return element
        identifier = in_framework(framework, key)
        known = self.nodes.get((NodeKind.ITEM, identifier))
        return known.data if known is not None else self._other_domain(root, framework, key, identifier)

    def _element(self, framework: str, key: str) -> Block | None:
        for one in self.document.get("frameworks", ()):
            for domain in one["domains"] if one["id"] == framework else ():
                found = self.nodes.get((NodeKind.ITEM, self.key("element", framework, domain["id"], key)))
                if found is not None:
                    return found.data
        return None

    def _other_domain(self, root: Block, framework: str, key: str, identifier: str) -> Block:
        whole = in_framework(framework)
        if (NodeKind.ITEM, whole) not in self.nodes:
            title = self.titles.get((framework, ""), {})
            self.item(
                "framework",
                root,
                1000,
                identifier=whole,
                fullStatement=dutch(title) or framework,
                alternativeLabel=title.get("en"),
                humanCodingScheme=framework,
            )
        title = self.titles.get((framework, key), {})
        item: Block = self.item(
            "domain",
            self.nodes[NodeKind.ITEM, whole].data,
            0,
            identifier=identifier,
            fullStatement=dutch(title) or key,
            alternativeLabel=title.get("en"),
            humanCodingScheme=key,
        )
        return item

    def crosswalk(self, root: Block, row: Block) -> None:
        """Add what a domain corresponds to in other frameworks."""
        origin = self.domain(root, row["from_framework"], row["from_domain"])
        grouping = self.add(NodeKind.GROUPING, self.key("grouping", "crosswalk"), title="Crosswalk")
        relation = row.get("relation") or "related"
        for framework, keys in row["to"].items():
            for key in keys:
                self.associate(
                    "exactMatchOf" if relation == "exact" else "isRelatedTo",
                    origin,
                    self.domain(root, framework, key),
                    CFAssociationGroupingURI=link(grouping),
                    extensions={OWN: {"relation": relation, "provenance": row.get("provenance")}},
                )


def _titled(block: Block) -> dict[str, Any]:
    """Return what a domain or element says of itself."""
    title = block["title"]
    return {"fullStatement": dutch(title), "alternativeLabel": title.get("en"), "humanCodingScheme": block["id"]}
