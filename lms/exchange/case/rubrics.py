"""A scale as a CASE rubric: a criterion for each EPA, with the levels of the scale and when each is expected."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from competencies.packages import stable_identifier
from lms.exchange.case.texts import OWN, dutch, without_remarks

Criterion = tuple[Mapping[str, Any], Mapping[str, str]]
"""The item of an EPA, and the stages at which each level is expected of it."""


def rubric_data(scale: Mapping[str, Any], criteria: Sequence[Criterion]) -> dict[str, Any]:
    """Return what a rubric says besides its identifier and address.

    A level keeps its rank as its position. It has no score: levels are ordinal, and a score invites averages.
    """
    return {
        "title": dutch(scale["title"]),
        "CFRubricCriteria": list(_criteria(scale, criteria)),
        "extensions": {OWN: without_remarks(scale)},
    }


def _criteria(scale: Mapping[str, Any], criteria: Sequence[Criterion]) -> Iterator[dict[str, Any]]:
    for number, (item, expected) in enumerate(criteria, 1):
        identifier = stable_identifier("criterion", item["identifier"], scale["id"], str(scale["version"]))
        address = f"{item['uri']}#{identifier}"
        title = item["fullStatement"]
        yield {
            "identifier": identifier,
            "uri": address,
            "category": item.get("humanCodingScheme") or title,
            "description": title,
            "CFItemURI": {"title": title, "identifier": item["identifier"], "uri": item["uri"]},
            "position": number,
            "lastChangeDateTime": item["lastChangeDateTime"],
            "CFRubricCriterionLevels": [
                _level(level, identifier, item, expected.get(level["code"])) for level in scale["levels"]
            ],
        }


def _level(level: Mapping[str, Any], criterion: str, item: Mapping[str, Any], expected: str | None) -> dict[str, Any]:
    identifier = stable_identifier("level", criterion, level["code"])
    feedback = {"feedback": f"Verwacht: {expected}"} if expected else {}
    return feedback | {
        "identifier": identifier,
        "uri": f"{item['uri']}#{identifier}",
        "description": dutch(level["meaning"]),
        "quality": f"{level['code']} {dutch(level['title'])}",
        "position": level["rank"],
        "rubricCriterionId": criterion,
        "lastChangeDateTime": item["lastChangeDateTime"],
    }
