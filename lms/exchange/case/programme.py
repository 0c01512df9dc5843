"""A version of a programme as a CASE package: EPAs, scope, stages, frameworks, crosswalks, scales as rubrics.

CASE knows one language in a package; it is Dutch, the one that every text has. What CASE has no word for, the English
among it, stands under `extensions` in the name `bekwaam`: each EPA whole, and the rest of the programme with the
package. Remarks for those who keep the curriculum are left out, because a package is for everybody.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from competencies.packages import NodeKind, Package
from lms.exchange.case.addresses import address, in_framework, in_programme
from lms.exchange.case.nodes import Block, NodeMaker, link
from lms.exchange.case.rubrics import rubric_data
from lms.exchange.case.texts import OWN, STATUS, dutch, notes_of, without_remarks

Words = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a programme refers to and does not hold itself.

    `scales` are by key and version, as in the file of scales; `titles` those of domains by framework and key, the
    framework itself under an empty key; `referred` the version and title of EPAs of other programmes.
    """

    creator: str
    changed_at: datetime
    base: str = ""
    starts_on: date | None = None
    retired_on: date | None = None
    scales: Mapping[tuple[str, int], Block] = field(default_factory=dict)
    titles: Mapping[tuple[str, str], Words] = field(default_factory=dict)
    referred: Mapping[tuple[str, str], tuple[str, Words]] = field(default_factory=dict)


def package_of_programme(document: Block, around: Surroundings) -> Package:
    """Return the package of a programme in the format of the catalogue."""
    return _Maker(document, around).package()


class _Maker(NodeMaker):
    """Makes the nodes of one package."""

    def __init__(self, document: Block, around: Surroundings) -> None:
        self.document, self.around = document, around
        self.facts: Block = document["programme"]
        super().__init__(self.facts["key"], self.facts["version"], changed_at=around.changed_at, base=around.base)
        self.own_frameworks = {one["id"] for one in document.get("frameworks", ())}

    def package(self) -> Package:
        """Return the whole."""
        root = self._root()
        self._stages(root)
        for framework in self.document.get("frameworks", ()):
            self._framework(root, framework)
        epas = {epa["key"]: epa for epa in self.document.get("epas", ())}
        for epa in sorted(epas.values(), key=lambda one: one.get("order") or 0):
            self._epa(root, epa, epas)
        for number, reference in enumerate(self.document.get("epa_refs", ()), 1):
            self._reference(root, reference, number)
        for row in self.document.get("crosswalk", ()):
            self._crosswalk(root, row)
        self._rubrics()
        nodes = [node for kind in NodeKind for (of, _), node in self.nodes.items() if of is kind]
        rest = {key: value for key, value in self.document.items() if key != "epas"}
        return Package(root, nodes, {"extensions": {OWN: without_remarks(rest)}})

    def _root(self) -> dict[str, Any]:
        identifier = self.key("document")
        root = {
            "identifier": identifier,
            "uri": address("CFDocuments", identifier, base=self.base),
            "creator": self.around.creator,
            "title": dutch(self.facts["title"]),
            "caseVersion": "1.1",
            "frameworkType": "EPA",
            "version": self.facts["version"],
            "language": "nl",
            "adoptionStatus": STATUS["retired" if self.around.retired_on else self.facts["status"]],
            "lastChangeDateTime": self.when,
        }
        if text := dutch(self.facts.get("summary")):
            root["description"] = text
        days = {"statusStartDate": self.around.starts_on, "statusEndDate": self.around.retired_on}
        root |= {name: day.isoformat() for name, day in days.items() if day is not None}
        if cluster := self.facts.get("cluster"):
            subject = self.add(
                NodeKind.SUBJECT,
                self.key("subject", cluster["code"]),
                title=dutch(cluster["title"]),
                hierarchyCode=cluster["code"],
            )
            root |= {"subject": [subject["title"]], "subjectURI": [link(subject)]}
        return root

    def _stages(self, root: Block) -> None:
        before: Block | None = None
        for stage in sorted(self.document.get("stages", ()), key=lambda one: one["order"]):
            item = self.item(
                "stage",
                root,
                stage["order"],
                stage["key"],
                fullStatement=dutch(stage["title"]),
                alternativeLabel=stage["title"].get("en"),
                humanCodingScheme=stage["key"],
            )
            if before is not None:
                self.associate("precedes", before, item)
            before = item

    def _epa(self, root: Block, epa: Block, epas: Mapping[str, Block]) -> Block:
        """Add an EPA after the one that it belongs to, once; return its item."""
        made = self.nodes.get((NodeKind.ITEM, self.key("epa", epa["key"])))
        if made is not None:
            return made.data
        above = epas.get(epa.get("parent") or "")
        item: Block = self.item(
            "epa",
            root if above is None else self._epa(root, above, epas),
            epa.get("order") or 0,
            epa["key"],
            fullStatement=dutch(epa["title"]),
            alternativeLabel=epa["title"].get("en"),
            humanCodingScheme=epa.get("official_code") or epa.get("local_code") or epa["key"],
            notes=notes_of(epa.get("description") or {}),
            extensions={OWN: without_remarks(epa)},
        )
        for number, group in enumerate(epa.get("scope", ()), 1):
            self._scope_group(item, epa, group, number)
        for framework, keys in (epa.get("competencies") or {}).items():
            for key in keys:
                self.associate("isRelatedTo", item, self._domain(root, framework, key))
        return item

    def _scope_group(self, above: Block, epa: Block, group: Block, number: int) -> None:
        title = group["title"]
        item = self.item(
            "scope_group",
            above,
            number,
            epa["key"],
            group["key"],
            fullStatement=dutch(title),
            alternativeLabel=title.get("en"),
        )
        for place, option in enumerate(group["options"], 1):
            self.item(
                "scope_option",
                item,
                place,
                epa["key"],
                group["key"],
                option["key"],
                fullStatement=dutch(option["title"]),
                alternativeLabel=option["title"].get("en"),
                humanCodingScheme=option["key"],
            )

    def _framework(self, root: Block, framework: Block) -> None:
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

    def _domain(self, root: Block, framework: str, key: str) -> Block:
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
            title = self.around.titles.get((framework, ""), {})
            self.item(
                "framework",
                root,
                1000,
                identifier=whole,
                fullStatement=dutch(title) or framework,
                alternativeLabel=title.get("en"),
                humanCodingScheme=framework,
            )
        title = self.around.titles.get((framework, key), {})
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

    def _reference(self, root: Block, reference: Block, number: int) -> None:
        """Say that the programme uses an EPA of another one; its address is that of the other's package."""
        programme, epa = reference["programme"], reference["epa"]
        version, title = self.around.referred.get((programme, epa), ("", {}))
        identifier = in_programme(programme, version, "epa", epa)
        elsewhere = {
            "fullStatement": dutch(title) or epa,
            "identifier": identifier,
            "uri": address("CFItems", identifier, base=self.base),
        }
        extension = {OWN: without_remarks(reference)}
        self.associate("isRelatedTo", root, elsewhere, sequenceNumber=number, extensions=extension)

    def _crosswalk(self, root: Block, row: Block) -> None:
        origin = self._domain(root, row["from_framework"], row["from_domain"])
        grouping = self.add(NodeKind.GROUPING, self.key("grouping", "crosswalk"), title="Crosswalk")
        relation = row.get("relation") or "related"
        for framework, keys in row["to"].items():
            for key in keys:
                self.associate(
                    "exactMatchOf" if relation == "exact" else "isRelatedTo",
                    origin,
                    self._domain(root, framework, key),
                    CFAssociationGroupingURI=link(grouping),
                    extensions={OWN: {"relation": relation, "provenance": row.get("provenance")}},
                )

    def _rubrics(self) -> None:
        """Add a rubric for every scale: a criterion for each EPA that is rated on it, with the levels of the scale."""
        for (key, version), scale in self.around.scales.items():
            rated = [
                epa for epa in self.document.get("epas", ()) if epa.get("scale") == {"id": key, "version": version}
            ]
            if rated:
                identifier = self.key("rubric", key, str(version))
                self.add(NodeKind.RUBRIC, identifier, **rubric_data(scale, list(self._criteria(rated))))

    def _criteria(self, rated: list[Block]) -> Iterator[tuple[Block, Mapping[str, str]]]:
        """Yield the item of each EPA with the stages at which a level is expected of it, by level."""
        stages = {stage["key"]: dutch(stage["title"]) for stage in self.document.get("stages", ())}
        for epa in rated:
            expected: dict[str, str] = {}
            for one in epa.get("required_levels", ()):
                before = expected.get(one["level"])
                name = stages.get(one["stage"], one["stage"])
                expected[one["level"]] = f"{before}, {name}" if before else name
            yield self.nodes[NodeKind.ITEM, self.key("epa", epa["key"])].data, expected


def _titled(block: Block) -> dict[str, Any]:
    """Return what a domain or element says of itself."""
    title = block["title"]
    return {"fullStatement": dutch(title), "alternativeLabel": title.get("en"), "humanCodingScheme": block["id"]}
