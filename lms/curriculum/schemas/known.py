"""What a file may refer to: the scales, words, frameworks, forms and EPAs that are loaded already."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
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
    elements: Mapping[str, frozenset[str]]
    forms: Mapping[str, str]
    epas: Mapping[tuple[str, str], Ranks | None]

    def newest_scale(self, key: str) -> Ranks | None:
        """Return the levels of the newest version of a scale, or None for an unknown scale."""
        versions = [version for known, version in self.scales if known == key]
        return self.scales[key, max(versions)] if versions else None


class Missing:
    """What is said of a key that refers to nothing, by what it should refer to."""

    ACTIVITY = _l("The programme has no learning activity %(key)s.")
    ACTIVITY_KIND = _l("The vocabulary has no kind of activity %(key)s.")
    ASSIGNMENT_KIND = _l("The vocabulary has no kind of assignment %(key)s.")
    AUDIENCE = _l("The vocabulary has no audience %(key)s.")
    CONDITION = _l("The vocabulary has no evidence condition %(key)s.")
    DIMENSION = _l("The framework has no dimension %(key)s.")
    DOMAIN_OR_ELEMENT = _l("The framework has no domain and no element %(key)s.")
    DOMAIN = _l("The framework has no domain %(key)s.")
    ELEMENT = _l("The domain has no element %(key)s.")
    EPA = _l("There is no EPA %(key)s.")
    FORM = _l("There is no form %(key)s.")
    FRAMEWORK = _l("There is no framework %(key)s.")
    FUNCTION = _l("The vocabulary has no function %(key)s.")
    INSTRUMENT = _l("The vocabulary has no instrument %(key)s.")
    LEADERSHIP_LEVEL = _l("The vocabulary has no leadership level %(key)s.")
    LEVEL = _l("The scale has no level %(key)s.")
    OPTION = _l("This group has no option %(key)s.")
    MODULE = _l("The programme has no module %(key)s.")
    ORGANISATION_KIND = _l("The vocabulary has no kind of organisation %(key)s.")
    PAIRING = _l("The vocabulary has no way of pairing mentors %(key)s.")
    PART = _l("The cohort has no part %(key)s.")
    PHASE = _l("There is no earlier phase %(key)s, and no such condition in the vocabulary.")
    PLACEMENT = _l("The programme has no placement %(key)s.")
    PRODUCT = _l("The programme has no deliverable and no learning activity %(key)s.")
    RESERVED_ACTION = _l("The vocabulary has no reserved action %(key)s.")
    SCALE = _l("There is no scale %(key)s.")
    SCOPE_GROUP = _l("This EPA has no choice called %(key)s.")
    SESSION_FORMAT = _l("The vocabulary has no session format %(key)s.")
    SITE_ATTRIBUTE = _l("The vocabulary has no site attribute %(key)s.")
    SOURCE = _l("The list of sources has no %(key)s.")
    STAGE = _l("The programme has no stage %(key)s.")
    TRACK = _l("The programme has no track %(key)s.")


def missing_text(missing: object, key: str) -> str:
    """Return what is said of this key, in the reader's language."""
    return str(missing) % {"key": key}


def unless_known(missing: object, key: str | None, known: Collection[str], path: Path) -> Iterator[Finding]:
    """Yield what is wrong when the key refers to nothing; null refers to nothing and is fine."""
    if key is not None and key not in known:
        yield path, missing_text(missing, key)


def unless_all_known(missing: object, keys: list[str], known: Collection[str], path: Path) -> Iterator[Finding]:
    """Yield what is wrong with each key of a list that refers to nothing."""
    for number, key in enumerate(keys):
        yield from unless_known(missing, key, known, (*path, number))


def keys_of(blocks: list[dict[str, Any]], name: str = "key") -> set[str]:
    """Return the keys of a list of blocks."""
    return {block[name] for block in blocks}
