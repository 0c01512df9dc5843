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
from lms.exchange.case.addresses import address, in_programme
from lms.exchange.case.frameworks import FrameworkMaker
from lms.exchange.case.nodes import Block, link
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


class _Maker(FrameworkMaker):
    """Makes the nodes of one package."""

    def __init__(self, document: Block, around: Surroundings) -> None:
        self.around = around
        self.facts: Block = document["programme"]
        super().__init__(document, titles=around.titles, changed_at=around.changed_at, base=around.base)

    def package(self) -> Package:
        """Return the whole."""
        root = self._root()
        self._stages(root)
        for framework in self.document.get("frameworks", ()):
            self.framework(root, framework)
        epas = {epa["key"]: epa for epa in self.document.get("epas", ())}
        for epa in sorted(epas.values(), key=lambda one: one.get("order") or 0):
            self._epa(root, epa, epas)
        for number, reference in enumerate(self.document.get("epa_refs", ()), 1):
            self._reference(root, reference, number)
        for row in self.document.get("crosswalk", ()):
            self.crosswalk(root, row)
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
                self.associate("isRelatedTo", item, self.domain(root, framework, key))
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
