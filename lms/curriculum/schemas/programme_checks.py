"""What a programme file must hold together, within itself and with what is loaded."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from competencies.curricula import EPA_SCALE, ProgrammeKind
from competencies.observations import LISTED
from lms.core.words import _
from lms.curriculum.schemas.cohort_checks import cohort_findings
from lms.curriculum.schemas.epa_checks import epa_findings, required_level_findings, scale_findings
from lms.curriculum.schemas.general import general_findings
from lms.curriculum.schemas.known import Finding, Known, Missing, keys_of, unless_all_known, unless_known
from lms.curriculum.schemas.problems import Path
from lms.curriculum.schemas.requirement_checks import all_requirement_findings
from lms.curriculum.schemas.surroundings import Surroundings

Data = dict[str, Any]


def programme_findings(data: Data, known: Known) -> Iterator[Finding]:
    """Yield everything wrong with a programme file that has the right shape."""
    around = Surroundings(
        known=known,
        stages=[stage["key"] for stage in data["stages"]],
        tracks=keys_of(data["programme"]["tracks"]),
        forms={**known.forms, **{form["key"]: form["instrument"] for form in data["forms"]}},
        domains={
            **known.domains,
            **{framework["id"]: frozenset(keys_of(framework["domains"], "id")) for framework in data["frameworks"]},
        },
        elements={**known.elements, **{framework["id"]: _elements_of(framework) for framework in data["frameworks"]}},
        epas={epa["key"]: epa.get("parent") for epa in data["epas"]},
        contexts=_contexts_of(data),
    )
    yield from general_findings(data)
    yield from scale_findings(data["programme"]["default_scale"], known, ("programme", "default_scale"))
    for number, epa in enumerate(data["epas"]):
        yield from epa_findings(epa, around, ("epas", number))
    yield from all_requirement_findings(data, around)
    yield from _order_findings(data, around)
    yield from _learning_findings(data, around)
    yield from _reference_findings(data, around)
    yield from _form_findings(data["forms"], known)
    yield from _framework_findings(data, around)
    yield from _cohort_findings(data, around)


def _contexts_of(data: Data) -> dict[str, int]:
    """Return how many contexts of each kind a programme lists; nothing at all where it has no list."""
    kinds = [one["kind"] for one in data.get("contexts", [])]
    return {kind.value: kinds.count(kind.value) for kind in LISTED} if kinds else {}


def _order_findings(data: Data, around: Surroundings) -> Iterator[Finding]:
    """Yield what is wrong with exemptions, phases, placements and completion."""
    epas, terms = keys_of(data["epas"]), around.known.terms
    for number, exemption in enumerate(data["exemptions"]):
        path: Path = ("exemptions", number, "grants")
        yield from unless_all_known(Missing.TRACK, exemption["grants"]["tracks"], around.tracks, (*path, "tracks"))
        yield from unless_all_known(Missing.EPA, exemption["grants"]["epas"], epas, (*path, "epas"))
    for number, phase in enumerate(data["phases"]):
        path = ("phases", number)
        before = keys_of(data["phases"][:number]) | terms["phase_conditions"]
        yield from unless_all_known(
            Missing.EPA, phase["epas"], epas | keys_of(data["epa_refs"], "epa"), (*path, "epas")
        )
        yield from unless_all_known(Missing.PHASE, phase["requires"], before, (*path, "requires"))
        yield from unless_known(
            Missing.LEADERSHIP_LEVEL, phase["level_tag"], terms["leadership_levels"], (*path, "level_tag")
        )
    for number, placement in enumerate(data["placements"]):
        if placement.get("min_settings", 0) > len(placement["settings"]):
            yield ("placements", number, "min_settings"), _("There are fewer settings than that.")
    for number, rule in enumerate(data["completion"]):
        yield from unless_known(Missing.STAGE, rule.get("at_stage"), around.stages, ("completion", number, "at_stage"))


def _learning_findings(data: Data, around: Surroundings) -> Iterator[Finding]:
    """Yield what is wrong with modules, their sessions, and learning activities."""
    terms = around.known.terms
    parts = keys_of(data["cohort"]["parts"]) if data["cohort"] else set()
    for number, module in enumerate(data["modules"]):
        path: Path = ("modules", number)
        yield from unless_known(Missing.PART, module["part"], parts, (*path, "part"))
        yield from unless_all_known(Missing.TRACK, module["tracks"], around.tracks, (*path, "tracks"))
        yield from unless_known(Missing.STAGE, module["stage"], around.stages, (*path, "stage"))
        yield from unless_known(Missing.AUDIENCE, module["audience"], terms["audiences"], (*path, "audience"))
        if sum(session["days"] * session["repeat"] for session in module["sessions"]) != module["days"]:
            yield (*path, "days"), _("The days of a module must be those of its sessions together.")
    yield from _session_findings(data["modules"], around.known)
    for number, activity in enumerate(data["learning_activities"]):
        path = ("learning_activities", number)
        yield from unless_known(Missing.ACTIVITY_KIND, activity["kind"], terms["activity_kinds"], (*path, "kind"))
        yield from unless_known(
            Missing.INSTRUMENT, activity["instrument"], around.known.instruments, (*path, "instrument")
        )
        yield from unless_known(Missing.STAGE, activity["stage"], around.stages, (*path, "stage"))


def _session_findings(modules: list[Data], known: Known) -> Iterator[Finding]:
    seen: set[int] = set()
    for number, module in enumerate(modules):
        for place, session in enumerate(module["sessions"]):
            path: Path = ("modules", number, "sessions", place)
            yield from unless_known(
                Missing.SESSION_FORMAT, session["format"], known.terms["session_formats"], (*path, "format")
            )
            yield from unless_known(
                Missing.AUDIENCE, session["audience"], known.terms["audiences"], (*path, "audience")
            )
            if session["order"] in seen:
                yield (*path, "order"), _("Another session of the programme has this number already.")
            seen.add(session["order"])


def _reference_findings(data: Data, around: Surroundings) -> Iterator[Finding]:
    """Yield what is wrong with the EPAs that are taken from other programmes."""
    seen: set[tuple[str, str]] = set()
    for number, reference in enumerate(data["epa_refs"]):
        name, path = (reference["programme"], reference["epa"]), ("epa_refs", number)
        if name in seen:
            yield path, _("%(key)s is in this list twice.", key=reference["epa"])
        seen.add(name)
        if name not in around.known.epas:
            yield (*path, "epa"), _("The programme %(programme)s has no EPA %(epa)s.", programme=name[0], epa=name[1])
            continue
        yield from required_level_findings(
            reference["required_levels"], around.stages, around.known.epas[name], (*path, "required_levels")
        )


def _form_findings(forms: list[Data], known: Known) -> Iterator[Finding]:
    for number, form in enumerate(forms):
        path: Path = ("forms", number)
        yield from unless_known(Missing.INSTRUMENT, form["instrument"], known.instruments, (*path, "instrument"))
        if form["scale"] is not None and known.newest_scale(form["scale"]) is None:
            yield from unless_known(Missing.SCALE, form["scale"], (), (*path, "scale"))
        elif form["instrument"] in known.instruments:
            scale = known.instruments[form["instrument"]].scale_key
            if form["scale"] != scale and not (scale == EPA_SCALE and form["scale"] is not None):
                yield (*path, "scale"), _("This is not the scale of the instrument.")


def _elements_of(framework: Data) -> frozenset[str]:
    return frozenset(element["id"] for domain in framework["domains"] for element in domain["elements"])


def _framework_findings(data: Data, around: Surroundings) -> Iterator[Finding]:
    """Yield what is wrong with frameworks and with the way their domains correspond."""
    for number, framework in enumerate(data["frameworks"]):
        for place, domain in enumerate(framework["domains"]):
            path: Path = ("frameworks", number, "domains", place)
            yield from unless_all_known(
                Missing.DIMENSION, domain["dimensions"], keys_of(framework["dimensions"], "id"), (*path, "dimensions")
            )
            for item, indicator in enumerate(domain["indicators"]):
                yield from unless_known(
                    Missing.LEADERSHIP_LEVEL,
                    indicator["level"],
                    keys_of(framework["levels"], "id"),
                    (*path, "indicators", item, "level"),
                )
                yield from unless_known(
                    Missing.ELEMENT,
                    indicator.get("element"),
                    keys_of(domain["elements"], "id"),
                    (*path, "indicators", item, "element"),
                )
    for number, line in enumerate(data["crosswalk"]):
        path = ("crosswalk", number)
        yield from _domain_findings(line["from_framework"], [line["from_domain"]], around, (*path, "from_domain"))
        for framework, domains in line["to"].items():
            yield from _domain_findings(framework, domains, around, (*path, "to", framework))


def _domain_findings(framework: str, domains: list[str], around: Surroundings, path: Path) -> Iterator[Finding]:
    yield from unless_known(Missing.FRAMEWORK, framework, around.domains, path)
    for domain in domains if framework in around.domains else ():
        yield from unless_known(Missing.DOMAIN, domain, around.domains[framework], path)


def _cohort_findings(data: Data, around: Surroundings) -> Iterator[Finding]:
    if (data["programme"]["kind"] == ProgrammeKind.COHORT) != (data["cohort"] is not None):
        yield ("cohort",), _("A cohort programme has a cohort block, and no other programme has one.")
    if data["cohort"]:
        yield from cohort_findings(data["cohort"], around, ("cohort",))
