"""The words in a package of ours. They are part of what is exchanged, so they are Dutch for every reader."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

OWN = "bekwaam"
"""The name under which our own fields stand among the extensions."""

STATUS = {"draft": "Draft", "adopted": "Adopted", "retired": "Deprecated"}
"""How far a programme is, as CASE says it."""

TYPES: dict[str, dict[str, str]] = {
    "epa": {"title": "EPA", "description": "Toe te vertrouwen beroepsactiviteit", "hierarchyCode": "1"},
    "scope_group": {"title": "Reikwijdte", "description": "Keuze binnen een EPA", "hierarchyCode": "1.1"},
    "scope_option": {"title": "Reikwijdte-optie", "description": "Wat gekozen kan worden", "hierarchyCode": "1.1.1"},
    "stage": {"title": "Moment", "description": "Wanneer een niveau wordt verwacht", "hierarchyCode": "2"},
    "framework": {"title": "Raamwerk", "description": "Competentieraamwerk", "hierarchyCode": "3"},
    "domain": {"title": "Domein", "description": "Competentiegebied", "hierarchyCode": "3.1"},
    "element": {"title": "Element", "description": "Deel van een competentiegebied", "hierarchyCode": "3.1.1"},
    "indicator": {"title": "Indicator", "description": "Gedrag op een niveau", "hierarchyCode": "3.1.2"},
}
"""The types of the items of a programme."""

PARTS = {
    "specification": "Specificatie",
    "activities": "Activiteiten",
    "limitations": "Beperkingen",
    "risks": "Risico’s",
    "knowledge": "Kennis",
    "skills": "Vaardigheden",
    "attitudes": "Houding",
    "experience": "Ervaring",
}
"""The parts of the description of an EPA, in the order of its notes."""


def dutch(words: Mapping[str, Any] | None) -> str:
    """Return a text in Dutch, else in the language it is known in; nothing gives an empty text."""
    if not words:
        return ""
    return str(words.get("nl") or next(iter(words.values()), ""))


def notes_of(description: Mapping[str, Any]) -> str:
    """Return the description of an EPA as one text in Markdown, a heading for each part."""
    parts = []
    for name, heading in PARTS.items():
        words = description.get(name) or {}
        text = words.get("nl") or next(iter(words.values()), "")
        if text:
            body = "\n".join(f"- {one}" for one in text) if isinstance(text, list) else text
            parts.append(f"### {heading}\n\n{body}")
    return "\n\n".join(parts)


def without_remarks(value: Any) -> Any:
    """Return a block of a programme with its remarks for those who keep the curriculum emptied."""
    if isinstance(value, Mapping):
        return {key: None if key == "note" else without_remarks(inner) for key, inner in value.items()}
    return [without_remarks(one) for one in value] if isinstance(value, list) else value
