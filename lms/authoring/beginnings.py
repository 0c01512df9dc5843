"""What a new programme and a new part begin with, so that only what nobody can know is left to fill in."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from competencies.curricula import EpaType, ProgrammeKind, ProgrammeStatus, Provenance
from lms.authoring.documents import PROGRAMME, Data
from lms.authoring.editing.rows import block_of
from lms.authoring.keys import free_key, key_from
from lms.authoring.shapes import part_shape

EPA_SCALE = {"id": "nl-bekwaamheid-5", "version": 1}


def new_programme(title: dict[str, str], *, kind: ProgrammeKind, version: str, taken: Collection[str]) -> Data:
    """Return the document of a programme of which only the title is known."""
    facts = block_of(part_shape(PROGRAMME)) | {
        "key": free_key(key_from(title), taken),
        "version": version,
        "status": ProgrammeStatus.ADOPTED.value,
        "title": title,
        "short_title": title,
        "kind": kind.value,
        "default_scale": EPA_SCALE,
        "provenance": Provenance.DRAFT.value,
    }
    cohort = {"cohort": block_of(part_shape("cohort"))} if kind is ProgrammeKind.COHORT else {}
    return {PROGRAMME: facts, "sources": {}, **cohort}


def copied(document: Data, title: dict[str, str], *, version: str, taken: Collection[str]) -> Data:
    """Return a document as that of another programme with this title: its codes are not those of the first."""
    facts = document[PROGRAMME] | {
        "key": free_key(key_from(title), taken),
        "version": version,
        "title": title,
        "short_title": title,
    }
    return document | {PROGRAMME: facts}


def revised(document: Data, *, version: str) -> Data:
    """Return a document as the next version of the same programme."""
    return document | {PROGRAMME: document[PROGRAMME] | {"version": version}}


def new_part(section: str, document: Data) -> Any:
    """Return a part with nothing filled in but what all parts of that section begin with."""
    shape = part_shape(section)
    if section == "sources":
        return {}
    made: Data = block_of(shape)
    if section == "epas":
        scale = (document.get(PROGRAMME) or {}).get("default_scale")
        made |= {"version": "1", "type": EpaType.CORE.value, "scale": scale}
    return made
