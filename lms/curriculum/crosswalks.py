"""The rows of frameworks as values of the domain, and which of their domains correspond."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from competencies.curricula import Provenance
from competencies.frameworks import Correspondence, Domain, Element, Framework, Indicator, Relation
from lms.curriculum import models


def framework_of(row: models.Framework) -> Framework:
    """Return the framework with its domains in order; needs its domains."""
    return Framework(
        key=row.key,
        version=row.version,
        title=row.title,
        owner=row.owner,
        licence_note=row.licence_note,
        provenance=row.provenance,
        domains=tuple(map(_domain_of, row.domains)),
        levels={level["id"]: level["title"] for level in row.levels},
        dimensions={dimension["id"]: dimension["title"] for dimension in row.dimensions},
    )


def _domain_of(row: models.CompetencyDomain) -> Domain:
    return Domain(
        key=row.key,
        title=row.title,
        order_known=row.order_known,
        provenance=row.provenance,
        dimensions=tuple(row.dimensions),
        elements=tuple(
            Element(key=one["id"], title=one["title"], provenance=Provenance(one["provenance"])) for one in row.elements
        ),
        indicators=tuple(map(_indicator_of, row.indicators)),
    )


def _indicator_of(block: dict[str, Any]) -> Indicator:
    provenance = Provenance(block["provenance"])
    return Indicator(level=block["level"], text=block["text"], element=block.get("element"), provenance=provenance)


def correspondences_of(lines: Iterable[dict[str, Any]]) -> Iterator[Correspondence]:
    """Yield what the lines of a crosswalk say, one domain with one other at a time."""
    for line in lines:
        for framework, keys in line["to"].items():
            for key in keys:
                yield Correspondence(
                    origin=(line["from_framework"], line["from_domain"]),
                    target=(framework, key),
                    relation=Relation(line.get("relation", Relation.RELATED)),
                    provenance=Provenance(line["provenance"]),
                )
