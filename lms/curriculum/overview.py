"""A programme version arranged for its page: EPAs in groups, EPAs by key, and which domains correspond."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from competencies.curricula import EpaType
from lms.core.db import Words
from lms.core.words import in_language, label
from lms.curriculum.models import Epa, ProgrammeVersion


@dataclass(frozen=True, slots=True)
class EpaGroup:
    """EPAs of one type and for the same tracks, in the order of the programme."""

    title: str
    epas: tuple[Epa, ...]
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
    title = f"{label(kind)}: {tracks}" if tracks else label(kind)
    return EpaGroup(title, epas, has_levels=any(epa.required_levels for epa in epas))


def epas_by_key(version: ProgrammeVersion) -> dict[str, Epa]:
    """Return the EPAs that a programme version speaks of by their key, its own and those by reference."""
    return {reference.epa.key: reference.epa for reference in version.epa_references} | {
        epa.key: epa for epa in version.epas
    }


@dataclass(frozen=True, slots=True)
class Corresponding:
    """A domain of another framework that corresponds with a domain; where only its code is known, that."""

    framework: Words
    domain: Words
    provenance: str


def corresponding_domains(version: ProgrammeVersion) -> Mapping[tuple[str, str], list[Corresponding]]:
    """Return what each domain corresponds with, by the keys of its framework and itself; nothing for most."""
    frameworks = {framework.key: framework.title for framework in version.frameworks}
    domains = {(one.key, domain.key): domain.title for one in version.frameworks for domain in one.domains}
    found: defaultdict[tuple[str, str], list[Corresponding]] = defaultdict(list)
    for line in version.crosswalk:
        of_domain = found[line["from_framework"], line["from_domain"]]
        for framework, keys in line["to"].items():
            of_domain.extend(
                Corresponding(
                    frameworks.get(framework, {"nl": framework, "en": framework}),
                    domains.get((framework, key), {"nl": key, "en": key}),
                    line["provenance"],
                )
                for key in keys
            )
    return found
