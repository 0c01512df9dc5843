"""A programme version arranged for its page: EPAs in groups, EPAs by key, and which frameworks are compared."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from competencies.curricula import EpaType
from competencies.nesting import in_families
from lms.core.db import Words
from lms.core.words import in_language, several
from lms.curriculum.models import Epa, Framework, ProgrammeVersion


@dataclass(frozen=True, slots=True)
class EpaGroup:
    """EPAs of one type and for the same tracks, in the order of the programme.

    Each stands right after the one that it is nested in, with how deep that is.
    """

    title: str
    epas: tuple[tuple[Epa, int], ...]
    has_levels: bool


def epa_groups(version: ProgrammeVersion) -> tuple[EpaGroup, ...]:
    """Return the EPAs of a programme version by type, then by tracks in the order in which these first come."""
    names = {track["key"]: track["title"] for track in version.details["tracks"]}
    found: defaultdict[tuple[EpaType, tuple[str, ...]], list[Epa]] = defaultdict(list)
    for epa in version.epas:
        found[epa.type, tuple(epa.tracks)].append(epa)
    in_order = sorted(found.items(), key=lambda group: _ORDER.index(group[0][0]))
    return tuple(_group(kind, tracks, tuple(epas), names) for (kind, tracks), epas in in_order)


_ORDER = (EpaType.BASIC, EpaType.CORE, EpaType.SPECIFIC, EpaType.CROSS_EPA)


def _group(kind: EpaType, keys: tuple[str, ...], epas: tuple[Epa, ...], names: Mapping[str, Words]) -> EpaGroup:
    tracks = ", ".join(in_language(names[key]) for key in keys)
    title = f"{several(kind)}: {tracks}" if tracks else several(kind)
    by_key = {epa.key: epa for epa in epas}
    parents = {epa.key: epa.parent_key if epa.parent_key in by_key else None for epa in epas}
    families = tuple((by_key[key], depth) for key, depth in in_families(parents))
    return EpaGroup(title, families, has_levels=any(epa.required_levels for epa in epas))


def epas_by_key(version: ProgrammeVersion) -> dict[str, Epa]:
    """Return the EPAs that a programme version speaks of by their key, its own and those by reference."""
    return {reference.epa.key: reference.epa for reference in version.epa_references} | {
        epa.key: epa for epa in version.epas
    }


def frameworks_compared(version: ProgrammeVersion) -> list[tuple[Framework, Framework]]:
    """Return the frameworks of a programme version that its crosswalk compares, each pair once."""
    own = {framework.key: framework for framework in version.frameworks}
    pairs = {(line["from_framework"], other): None for line in version.crosswalk for other in line["to"]}
    return [(own[one], own[other]) for one, other in pairs if one in own and other in own]
