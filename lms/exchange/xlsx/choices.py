"""What can be chosen in a column: a few words, a list of the vocabulary, or the keys of another sheet."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from lms.authoring.editing.labels import CHOICES, ENTRIES
from lms.core.words import LABELS
from lms.curriculum.schemas.fields import KEY, Flag, Key, OneOf
from lms.exchange.xlsx.layout import Column, Sheet

Lists = Mapping[str, Sequence[tuple[str, str]]]
"""Keys with their names, by the name of the list: instruments, levels, scales and the kinds of the vocabulary."""


@dataclass(frozen=True, slots=True)
class YesOrNo:
    """The two words that stand in the rule itself."""


@dataclass(frozen=True, slots=True)
class Words:
    """A few words that the product knows; `name` is the field that they are for."""

    name: str
    words: tuple[str, ...]

    @property
    def titled(self) -> list[tuple[str, str]]:
        """The words with what they mean to people."""
        known = next((labels for labels in LABELS.values() if labels.keys() == set(self.words)), None)
        labels = known or {**CHOICES.get(self.name, {}), **(ENTRIES if self.name == "kind" else {})}
        return [(word, str(labels.get(word, word))) for word in self.words]


@dataclass(frozen=True, slots=True)
class FromList:
    """A list on the sheet of lists."""

    name: str


@dataclass(frozen=True, slots=True)
class FromSheet:
    """The keys in the first column of that name on another sheet."""

    code: str
    column: str = "key"


Choice = YesOrNo | Words | FromList | FromSheet

_BY_NAME: dict[str, Choice] = {
    "at_stage": FromSheet("stages"),
    "element": FromSheet("frameworks.domains.elements", "id"),
    "form": FromSheet("forms"),
    "format": FromList("session_formats"),
    "if_selected": FromSheet("epas.scope.options"),
    "instrument": FromList("instruments"),
    "level_tag": FromList("leadership_levels"),
    "min_level": FromList("levels"),
    "parent": FromSheet("epas"),
    "part": FromSheet("cohort.parts"),
    "stage": FromSheet("stages"),
    "then_site_needs": FromList("site_attributes"),
}
_BY_PLACE: dict[tuple[str, str], Choice] = {
    ("cohort", "assignment.kind"): FromList("assignment_kinds"),
    ("cohort", "assignment.progress_scale"): FromList("scales"),
    ("cohort", "mentoring.pairing"): FromList("mentor_pairings"),
    ("cohort", "msf_rounds.form"): FromSheet("forms"),
    ("cohort", "organisations.kind"): FromList("organisation_kinds"),
    ("cohort.parts", "audience"): FromList("audiences"),
    ("epa_refs.required_levels", "level"): FromList("levels"),
    ("epas", "scale.id"): FromList("scales"),
    ("epas.required_levels", "level"): FromList("levels"),
    ("forms", "scale"): FromList("scales"),
    ("learning_activities", "kind"): FromList("activity_kinds"),
    ("modules", "audience"): FromList("audiences"),
    ("modules.sessions", "audience"): FromList("audiences"),
    ("programme", "default_scale.id"): FromList("scales"),
}


def choice_for(sheet: Sheet, name: str) -> Choice | None:
    """Return what can be chosen in the column of that name, or None where anything may be written."""
    outer = next((one for one in sheet.outers if one.code == name), None)
    if outer is not None:
        return FromSheet(outer.code, outer.identity)
    column = next((column for column in sheet.columns if column.name == name), None)
    return _of_field(sheet, column) if column else None


def _of_field(sheet: Sheet, column: Column) -> Choice | None:
    if isinstance(column.field, Flag):
        return YesOrNo()
    if isinstance(column.field, OneOf):
        if column.path[-1] == "rule":
            return FromList("completion_rules")
        return Words(column.path[-1], tuple(column.field.choices))
    if not isinstance(column.field, Key) or column.path[-1] == sheet.identity:
        return None
    return _BY_PLACE.get((sheet.code, column.name)) or _BY_NAME.get(column.path[-1])


_CHOSEN = re.compile(rf".*\s\(({KEY.pattern})\)\s*", re.DOTALL | re.ASCII)


def shown(key: str, title: str) -> str:
    """Return a choice as people choose it: what it means, and its key behind that."""
    return key if title in {"", key} else f"{title} ({key})"


def chosen(cell: object) -> object:
    """Return the key of what was chosen from a list; anything else that somebody wrote stays as it is."""
    found = _CHOSEN.fullmatch(cell) if isinstance(cell, str) else None
    return found.group(1) if found else cell
