"""What a requirement of a programme file refers to, and what it must hold together with the programme."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from typing import Any

from competencies.curricula import ResultKind
from lms.core.words import _
from lms.curriculum.schemas.known import Finding, Known, Missing, Ranks, keys_of, unless_all_known, unless_known
from lms.curriculum.schemas.problems import Path
from lms.curriculum.schemas.surroundings import Surroundings

Data = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Owner:
    """Whose requirements they are: the levels to rate on, and the stages that they may be for (none outside an EPA)."""

    ranks: Ranks | None
    stages: Collection[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedKeys:
    """What of the programme requirements can name; `placements` gives the settings, `epas` the levels of each."""

    placements: Mapping[str, frozenset[str]]
    modules: frozenset[str]
    pieces: frozenset[str]
    activities: frozenset[str]
    epas: Mapping[str, Ranks]
    scopes: Mapping[str, Mapping[str, frozenset[str]]]


def planned_keys(data: Data, known: Known) -> PlannedKeys:
    """Return what the requirements of a programme file can name."""
    activities = frozenset(keys_of(data["learning_activities"]))
    deliverables = frozenset(keys_of(data["cohort"]["deliverables"])) if data["cohort"] else frozenset[str]()
    referred = {one["epa"]: known.epas.get((one["programme"], one["epa"])) or {} for one in data["epa_refs"]}
    return PlannedKeys(
        placements={one["key"]: frozenset(keys_of(one["settings"])) for one in data["placements"]},
        modules=frozenset(keys_of(data["modules"])),
        pieces=activities | deliverables,
        activities=activities,
        epas=referred | {epa["key"]: ranks_of(epa["scale"], known) or {} for epa in data["epas"]},
        scopes={
            epa["key"]: {one["key"]: frozenset(keys_of(one["options"])) for one in epa["scope"]} for epa in data["epas"]
        },
    )


def all_requirement_findings(data: Data, around: Surroundings) -> Iterator[Finding]:
    """Yield what is wrong with the requirements of the EPAs, of the stages and of the completion of a programme."""
    known = around.known
    planned = planned_keys(data, known)
    for place, epa in enumerate(data["epas"]):
        ranks = ranks_of(epa["scale"], known)
        if epa["scale"] is None or ranks is not None:
            owner = Owner(ranks=ranks, stages={one["stage"] for one in epa["required_levels"]})
            for number, entry in enumerate(epa["evidence"]):
                yield from requirement_findings(entry, owner, planned, around, ("epas", place, "evidence", number))
    whole = Owner(ranks=ranks_of(data["programme"]["default_scale"], known), stages=())
    for place, stage in enumerate(data["stages"]):
        for number, entry in enumerate(stage.get("requirements", [])):
            yield from requirement_findings(entry, whole, planned, around, ("stages", place, "requirements", number))
    for place, rule in enumerate(data["completion"]):
        yield from unless_all_known(
            Missing.MODULE, rule.get("modules", []), planned.modules, ("completion", place, "modules")
        )
        if "requirement" in rule:
            path: Path = ("completion", place, "requirement")
            yield from requirement_findings(rule["requirement"], whole, planned, around, path)


def ranks_of(scale: Data | None, known: Known) -> Ranks | None:
    """Return the levels of a version of a scale, or None for none and for an unknown one."""
    return known.scales.get((scale["id"], scale["version"])) if scale else None


def requirement_findings(
    entry: Data, owner: Owner, planned: PlannedKeys, around: Surroundings, path: Path, *, inside: bool = False
) -> Iterator[Finding]:
    """Yield what is wrong with a requirement of any kind, and with the parts of a combined one."""
    stage = entry.get("stage")
    if stage is not None and (inside or stage not in owner.stages):
        yield (*path, "stage"), _stage_words(stage, inside, owner)
    if isinstance(entry.get("of"), list):
        for number, part in enumerate(entry["of"]):
            yield from requirement_findings(part, owner, planned, around, (*path, "of", number), inside=True)
    elif "kind" in entry:
        yield from _named_findings(entry, planned, path)
    else:
        yield from _observed_findings(entry, owner.ranks, around, path)


def _stage_words(stage: str, inside: bool, owner: Owner) -> str:
    if inside or not owner.stages:
        return _("A stage stands only with a requirement of an EPA, and not inside a combined one.")
    return _("This EPA expects no level at the stage %(key)s.", key=stage)


def _named_findings(entry: Data, planned: PlannedKeys, path: Path) -> Iterator[Finding]:
    """Yield what a requirement beside observations names that the programme does not have."""
    yield from unless_known(Missing.PLACEMENT, entry.get("placement"), planned.placements, (*path, "placement"))
    settings = planned.placements.get(entry.get("placement", ""), frozenset())
    if settings and entry.get("min_settings", 0) > len(settings):
        yield (*path, "min_settings"), _("There are fewer settings than that.")
    yield from unless_all_known(Missing.MODULE, entry.get("modules", []), planned.modules, (*path, "modules"))
    yield from unless_all_known(Missing.PRODUCT, entry.get("products", []), planned.pieces, (*path, "products"))
    yield from unless_all_known(Missing.ACTIVITY, entry.get("tests", []), planned.activities, (*path, "tests"))
    for key in ("products", "tests"):
        if 0 < len(entry.get(key, [])) < entry.get("min_count", 0):
            yield (*path, "min_count"), _("There are fewer named than that.")
    if "epa" in entry:
        yield from _declaration_findings(entry, planned, path)


def _declaration_findings(entry: Data, planned: PlannedKeys, path: Path) -> Iterator[Finding]:
    key = entry["epa"]
    if key not in planned.epas:
        yield from unless_known(Missing.EPA, key, planned.epas, (*path, "epa"))
        return
    yield from unless_known(Missing.LEVEL, entry.get("min_level"), planned.epas[key], (*path, "min_level"))
    groups = planned.scopes.get(key, {})
    for group, options in entry.get("scope", {}).items():
        place: Path = (*path, "scope", group)
        yield from unless_known(Missing.SCOPE_GROUP, group, groups, place)
        yield from unless_all_known(Missing.OPTION, options, groups.get(group, frozenset(options)), place)


def _observed_findings(entry: Data, ranks: Ranks | None, around: Surroundings, path: Path) -> Iterator[Finding]:
    known = around.known
    yield from unless_known(Missing.INSTRUMENT, entry["instrument"], known.instruments, (*path, "instrument"))
    yield from unless_known(Missing.FORM, entry["form"], around.forms, (*path, "form"))
    if around.forms.get(entry["form"], entry["instrument"]) != entry["instrument"]:
        yield (*path, "form"), _("This form belongs to another instrument.")
    yield from _spread_findings(entry, around, path)
    if entry["instrument"] in known.instruments:
        yield from chain(_minimum_findings(entry, ranks, known, path), _condition_findings(entry, known, path))


def _spread_findings(entry: Data, around: Surroundings, path: Path) -> Iterator[Finding]:
    """Yield where more different contexts are asked than the programme lists; without any list it says nothing."""
    for number, spread in enumerate(entry.get("spread", [])):
        listed = around.contexts.get(spread["over"])
        if listed is not None and spread["min_different"] > listed:
            yield (*path, "spread", number, "min_different"), _("The programme lists fewer of these than that.")


def _minimum_findings(entry: Data, ranks: Ranks | None, known: Known, path: Path) -> Iterator[Finding]:
    """Yield what is wrong with the least level: it is on the scale of the EPA, or of the instrument, or not there."""
    instrument, minimum = known.instruments[entry["instrument"]], entry["min_level"]
    if minimum is None:
        return
    if instrument.scale_key is None:
        yield (*path, "min_level"), _("This instrument does not result in a level.")
        return
    levels = ranks if instrument.uses_epa_scale else known.newest_scale(instrument.scale_key)
    yield from unless_known(Missing.LEVEL, minimum, levels or {}, (*path, "min_level"))


def _condition_findings(entry: Data, known: Known, path: Path) -> Iterator[Finding]:
    conditions = entry.get("conditions", {})
    for key in conditions:
        yield from unless_known(Missing.CONDITION, key, known.terms["evidence_conditions"], (*path, "conditions", key))
    if conditions and known.instruments[entry["instrument"]].result is not ResultKind.CONDITIONS:
        yield (*path, "conditions"), _("This instrument does not result in conditions that are met.")


def observed_entries(entries: list[Data]) -> Iterator[Data]:
    """Yield the entries on observations, those inside combined ones among them."""
    for entry in entries:
        if isinstance(entry.get("of"), list):
            yield from observed_entries(entry["of"])
        elif "kind" not in entry:
            yield entry
