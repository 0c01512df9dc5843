"""What a programme file is bound to outside itself: the versions of scales, forms, frameworks, EPAs and words it means.

A file names these by key. Which version that is depends on what is loaded, so what somebody reviewed is written down,
and compared before anything is stored.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from competencies.curricula import EPA_SCALE
from lms.core.db import Words
from lms.curriculum.actions.content import content_hash
from lms.curriculum.queries.known import Loaded

Data = dict[str, Any]
Names = frozenset[tuple[str, str]]
"""The keys that a file names, each with the name of the field that it stands in."""

SCALE, FORM, FRAMEWORK, EPA = "scale", "form", "framework", "epa"

_WORDS = {
    "audience": ("audiences",),
    "conditions": ("evidence_conditions",),
    "format": ("session_formats",),
    "functions": ("functions",),
    "instrument": ("instruments",),
    "kind": ("activity_kinds", "assignment_kinds", "organisation_kinds", "programme_kinds"),
    "level_tag": ("leadership_levels",),
    "pairing": ("mentor_pairings",),
    "requires": ("phase_conditions",),
    "reserved_actions": ("reserved_actions",),
    "rule": ("completion_rules",),
    "then_site_needs": ("site_attributes",),
    "type": ("epa_types",),
    "types": ("epa_types",),
}
"""The kinds of word of the vocabulary that a field names."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Binding:
    """One thing outside a file that it means: which version, its words, and a seal that differs where it differs."""

    kind: str
    key: str
    version: str
    title: Words
    seal: str

    def as_data(self) -> Data:
        """Return it as JSON holds it."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Rebound:
    """Something that a file meant, and means otherwise now; None where it meant nothing, or nothing any more."""

    before: Binding | None
    after: Binding | None

    @property
    def kind(self) -> str:
        """What it is."""
        return (self.after or self.before or _NOTHING).kind


_NOTHING = Binding(kind="", key="", version="", title={}, seal="")


def bindings_of(document: Data, around: Loaded) -> list[Binding]:
    """Return what a document means outside itself, as it is loaded now."""
    names = frozenset(_names(document))
    found = [*_scales(document, names, around), *_forms(document, names, around)]
    found += [*_frameworks(document, names, around), *_epas(document, around), *_words(names, around)]
    return found


def from_data(rows: Sequence[Data] | None) -> list[Binding]:
    """Return bindings as they were kept; none where they were not."""
    return [Binding(**row) for row in rows or ()]


def rebound(before: Sequence[Binding], after: Sequence[Binding]) -> list[Rebound]:
    """Return where two sets of bindings differ, in the order of the later one."""
    old, new = {(one.kind, one.key): one for one in before}, {(one.kind, one.key): one for one in after}
    return [
        Rebound(old.get(name), new.get(name))
        for name in dict.fromkeys([*new, *old])
        if _seal(old.get(name)) != _seal(new.get(name))
    ]


def _seal(binding: Binding | None) -> str | None:
    return binding.seal if binding else None


def _names(value: Any, field: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for name, inside in value.items():
            yield field, name
            yield from _names(inside, name)
    elif isinstance(value, list):
        for one in value:
            yield from _names(one, field)
    elif isinstance(value, str):
        yield field, value


def _scales(document: Data, names: Names, around: Loaded) -> Iterator[Binding]:
    """Yield the newest version of every scale that is named without one, by a form or through an instrument."""
    wanted = {form.get("scale") for form in document.get("forms") or ()}
    wanted |= {key for field, key in names if field == "progress_scale"}
    rated, instruments = {key for field, key in names if field == "instrument"}, around.instruments
    wanted |= {instruments[key].scale_key for key in rated if key in instruments} - {EPA_SCALE}
    for key, scale in sorted(around.newest_scales().items()):
        if key in wanted:
            yield Binding(
                kind=SCALE, key=key, version=str(scale.version), title=scale.title, seal=scale.content_hash.hex()
            )


def _forms(document: Data, names: Names, around: Loaded) -> Iterator[Binding]:
    own = {form.get("key") for form in document.get("forms") or ()}
    forms = around.forms
    for key in sorted({key for field, key in names if field == "form"} - own):
        if key in forms:
            form = forms[key]
            version = f"{form.programme} {form.version}"
            yield Binding(kind=FORM, key=key, version=version, title=form.title, seal=str(form.id))


def _frameworks(document: Data, names: Names, around: Loaded) -> Iterator[Binding]:
    """Yield the frameworks outside the document whose domains or elements it names."""
    own = {framework.get("id") for framework in document.get("frameworks") or ()}
    wanted = {key for field, key in names if field in {"competencies", "to", "from_framework"}} - own
    meant = {domain.framework.key: domain.framework for domain in around.domains}
    for key in sorted(wanted & meant.keys()):
        ids = {domain.key: str(domain.id) for domain in around.domains if domain.framework.key == key}
        framework = meant[key]
        seal = content_hash(ids).hex()
        yield Binding(kind=FRAMEWORK, key=key, version=framework.version, title=framework.title, seal=seal)


def _epas(document: Data, around: Loaded) -> Iterator[Binding]:
    """Yield the EPAs of other programmes that the document takes in, or that options of its own belong to instead."""
    own = (document.get("programme") or {}).get("key")
    named = [*(document.get("epa_refs") or ()), *_belonging(document.get("epas") or ())]
    wanted = {(one.get("programme"), one.get("epa")) for one in named if one.get("programme") != own}
    for row in around.epas:
        if (row.programme, row.key) in wanted:
            key, version = f"{row.programme}/{row.key}", f"{row.programme} {row.version}"
            yield Binding(kind=EPA, key=key, version=version, title=row.title, seal=str(row.id))


def _belonging(epas: Sequence[Data]) -> Iterator[Data]:
    """Yield where options of these EPAs belong instead, as drafts and files say it."""
    for epa in epas:
        rules = (rule for group in epa.get("scope") or () for rule in group.get("rules") or ())
        yield from (rule["then_belongs_to"] for rule in rules if rule.get("then_belongs_to"))


def _words(names: Names, around: Loaded) -> Iterator[Binding]:
    wanted = {(kind, key) for field, key in names for kind in _WORDS.get(field, ())}
    for word in around.words:
        if (word.kind, word.key) in wanted:
            seal = content_hash([word.title, word.more]).hex()
            yield Binding(kind=word.kind, key=word.key, version="", title=word.title, seal=seal)
