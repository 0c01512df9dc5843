"""What a file may refer to: the scales, words, frameworks, forms and EPAs that are loaded already."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from competencies.curricula import Instrument
from lms.core.words import _l
from lms.curriculum.schemas.problems import Path

Finding = tuple[Path, str]
"""Something wrong at a path."""

Ranks = Mapping[str, int]
"""The rank of each level of a scale, by its code."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What a programme file finds outside itself.

    `forms` gives the instrument of each form, `epas` the levels of each EPA of another programme (none: not rated).
    """

    scales: Mapping[tuple[str, int], Ranks]
    instruments: Mapping[str, Instrument]
    terms: Mapping[str, frozenset[str]]
    reserved_actions: frozenset[str]
    domains: Mapping[str, frozenset[str]]
    forms: Mapping[str, str]
    epas: Mapping[tuple[str, str], Ranks | None]

    def newest_scale(self, key: str) -> Ranks | None:
        """Return the levels of the newest version of a scale, or None for an unknown scale."""
        versions = [version for known, version in self.scales if known == key]
        return self.scales[key, max(versions)] if versions else None


class Thing(StrEnum):
    """What a key can refer to."""

    ACTIVITY_KIND = "activity_kind"
    ASSIGNMENT_KIND = "assignment_kind"
    AUDIENCE = "audience"
    CONDITION = "condition"
    DIMENSION = "dimension"
    DOMAIN = "domain"
    EPA = "epa"
    FORM = "form"
    FRAMEWORK = "framework"
    FUNCTION = "function"
    INSTRUMENT = "instrument"
    LEADERSHIP_LEVEL = "leadership_level"
    LEVEL = "level"
    OPTION = "option"
    ORGANISATION_KIND = "organisation_kind"
    PAIRING = "pairing"
    PART = "part"
    PHASE = "phase"
    RESERVED_ACTION = "reserved_action"
    SCALE = "scale"
    SESSION_FORMAT = "session_format"
    SITE_ATTRIBUTE = "site_attribute"
    SOURCE = "source"
    STAGE = "stage"
    TRACK = "track"


MISSING: dict[Thing, Any] = {
    Thing.ACTIVITY_KIND: _l("The vocabulary has no kind of activity %(key)s."),
    Thing.ASSIGNMENT_KIND: _l("The vocabulary has no kind of assignment %(key)s."),
    Thing.AUDIENCE: _l("The vocabulary has no audience %(key)s."),
    Thing.CONDITION: _l("The vocabulary has no evidence condition %(key)s."),
    Thing.DIMENSION: _l("The framework has no dimension %(key)s."),
    Thing.DOMAIN: _l("The framework has no domain %(key)s."),
    Thing.EPA: _l("There is no EPA %(key)s."),
    Thing.FORM: _l("There is no form %(key)s."),
    Thing.FRAMEWORK: _l("There is no framework %(key)s."),
    Thing.FUNCTION: _l("The vocabulary has no function %(key)s."),
    Thing.INSTRUMENT: _l("The vocabulary has no instrument %(key)s."),
    Thing.LEADERSHIP_LEVEL: _l("The vocabulary has no leadership level %(key)s."),
    Thing.LEVEL: _l("The scale has no level %(key)s."),
    Thing.OPTION: _l("This group has no option %(key)s."),
    Thing.ORGANISATION_KIND: _l("The vocabulary has no kind of organisation %(key)s."),
    Thing.PAIRING: _l("The vocabulary has no way of pairing mentors %(key)s."),
    Thing.PART: _l("The cohort has no part %(key)s."),
    Thing.PHASE: _l("There is no earlier phase %(key)s, and no such condition in the vocabulary."),
    Thing.RESERVED_ACTION: _l("The vocabulary has no reserved action %(key)s."),
    Thing.SCALE: _l("There is no scale %(key)s."),
    Thing.SESSION_FORMAT: _l("The vocabulary has no session format %(key)s."),
    Thing.SITE_ATTRIBUTE: _l("The vocabulary has no site attribute %(key)s."),
    Thing.SOURCE: _l("The list of sources has no %(key)s."),
    Thing.STAGE: _l("The programme has no stage %(key)s."),
    Thing.TRACK: _l("The programme has no track %(key)s."),
}
"""What is said of a key that refers to nothing."""


def unless_known(thing: Thing, key: str | None, known: Collection[str], path: Path) -> Iterator[Finding]:
    """Yield what is wrong when the key refers to nothing; null refers to nothing and is fine."""
    if key is not None and key not in known:
        yield path, str(MISSING[thing]) % {"key": key}


def unless_all_known(thing: Thing, keys: list[str], known: Collection[str], path: Path) -> Iterator[Finding]:
    """Yield what is wrong with each key of a list that refers to nothing."""
    for number, key in enumerate(keys):
        yield from unless_known(thing, key, known, (*path, number))


def keys_of(blocks: list[dict[str, Any]], name: str = "key") -> set[str]:
    """Return the keys of a list of blocks."""
    return {block[name] for block in blocks}
