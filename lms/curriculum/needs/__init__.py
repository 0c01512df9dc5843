"""Requirements in the reader's words: what is asked, what counted, what lacks."""

from __future__ import annotations

from competencies.progress import (
    AnyProgress,
    CombinedProgress,
    DeclarationProgress,
    EpaProgress,
    HoursProgress,
    PiecesProgress,
    PlacementProgress,
    RequirementProgress,
    SessionsProgress,
    observed_parts,
)
from competencies.requirements import (
    AnyRequirement,
    Combination,
    CombinedRequirement,
    DeclarationRequirement,
    HoursRequirement,
    PiecesRequirement,
    PlacementRequirement,
    ReflectionsRequirement,
    Requirement,
    SessionsRequirement,
)
from lms.core.words import _, in_language, ngettext
from lms.curriculum.needs import observed, others
from lms.curriculum.needs.named import Named
from lms.curriculum.needs.observed import instrument_words, limits_of, round_words, seen_words
from lms.curriculum.needs.others import days_words, hours_words, module_words
from lms.curriculum.needs.proof import bar_of, counted_lines, names_of, set_aside_lines, standing_lines
from lms.curriculum.needs.rules import rule_needed_words, rule_words

__all__ = [
    "as_sentence",
    "asked_words",
    "bar_of",
    "counted_lines",
    "days_words",
    "hours_words",
    "limits_of",
    "module_words",
    "names_of",
    "needed_words",
    "round_words",
    "rule_needed_words",
    "rule_words",
    "seen_words",
    "set_aside_lines",
    "stage_words",
    "standing_lines",
    "still_needed",
    "why_met",
]


AskedOfPlan = HoursRequirement | PlacementRequirement | PiecesRequirement | SessionsRequirement
"""What asks for something of the plan of a programme."""
ProgressOfPlan = HoursProgress | PlacementProgress | PiecesProgress | SessionsProgress
"""How far something of the plan is."""


def stage_words(stage: str, named: Named) -> str:
    """Return the title of a stage."""
    return in_language(named.stages.get(stage)) or stage


def asked_words(requirement: AnyRequirement, named: Named) -> str:
    """Return what a requirement asks, as one phrase: 4 × short practice assessment at level 4 or higher, by …."""
    match requirement:
        case Requirement():
            return observed.asked_words(requirement, named)
        case ReflectionsRequirement():
            return ngettext("%(num)s reflection", "%(num)s reflections", requirement.min_count)
        case CombinedRequirement():
            return _asked_together(requirement)
        case DeclarationRequirement():
            return others.asked_declaration(requirement, named)
        case _:
            return _asked_of_plan(requirement, named)


def as_sentence(requirement: AnyRequirement, named: Named) -> str:
    """Return what a requirement asks, beginning with a capital."""
    words = asked_words(requirement, named)
    return words[:1].upper() + words[1:]


def _asked_of_plan(requirement: AskedOfPlan, named: Named) -> str:
    match requirement:
        case HoursRequirement():
            return others.asked_hours(requirement)
        case PlacementRequirement():
            return others.asked_placement(requirement, named)
        case PiecesRequirement():
            return others.asked_pieces(requirement, named)
        case _:
            return others.asked_sessions(requirement, named)


def _asked_together(requirement: CombinedRequirement) -> str:
    match requirement.kind:
        case Combination.ALL_OF:
            return _("all of these")
        case Combination.ANY_OF:
            return _("one of these")
        case Combination.N_OF:
            return ngettext("%(num)s of these", "%(num)s of these", requirement.needed)


def needed_words(item: AnyProgress, named: Named) -> str:
    """Return the least that still meets a requirement, as one phrase; the empty text when it is met."""
    match item:
        case _ if item.is_met:
            return ""
        case RequirementProgress():
            return observed.needed_words(item, named)
        case CombinedProgress():
            return _(" and ").join(needed_words(part, named) for part in item.nearest)
        case DeclarationProgress():
            return others.needed_declaration(item, named)
        case _:
            return _needed_of_plan(item, named)


def _needed_of_plan(item: ProgressOfPlan, named: Named) -> str:
    match item:
        case HoursProgress():
            return others.needed_hours(item)
        case PlacementProgress():
            return others.needed_placement(item, named)
        case PiecesProgress():
            return others.needed_pieces(item, named)
        case _:
            return others.needed_sessions(item)


def still_needed(progress: EpaProgress, named: Named) -> str:
    """Return the smallest step that still lacks on an EPA in one sentence, and how many requirements lack beside it."""
    if progress.is_met:
        return _("All requirements are met.") if progress.items else ""
    lacking = progress.unmet
    needed = needed_words(min(lacking, key=lambda item: item.size), named)
    if len(lacking) == 1:
        return _("Still needed: %(needed)s.", needed=needed)
    return ngettext(
        "Still needed: %(needed)s, and one requirement more.",
        "Still needed: %(needed)s, and %(num)s requirements more.",
        len(lacking) - 1,
        needed=needed,
    )


def why_met(progress: EpaProgress, named: Named) -> str:
    """Return what met the requirements on observations, requirement by requirement, in one sentence."""
    met = [_why(item, named) for item in observed_parts(progress.items) if item.is_met]
    return _("Counted: %(list)s.", list="; ".join(met)) if met else ""


def _why(item: RequirementProgress, named: Named) -> str:
    what, needed = instrument_words(item.requirement, named), item.requirement.min_count
    if not item.assessors:
        return _("%(what)s: %(count)s where %(needed)s is asked", what=what, count=item.count, needed=needed)
    return ngettext(
        "%(what)s: %(count)s where %(needed)s is asked, by %(num)s assessor",
        "%(what)s: %(count)s where %(needed)s is asked, by %(num)s assessors",
        len(item.assessors),
        what=what,
        count=item.count,
        needed=needed,
    )
