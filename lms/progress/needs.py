"""Requirements in the reader's words: what is asked, what counted, what lacks."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from competencies.curricula import ResultKind
from competencies.observations import Observation
from competencies.progress import EpaProgress, RequirementProgress
from competencies.requirements import Requirement
from lms.core.templating import day
from lms.core.words import _, in_language, ngettext
from lms.progress.values import ProgrammeOutline


def stage_words(stage: str, outline: ProgrammeOutline) -> str:
    """Return the title of a stage."""
    return in_language(outline.stages.get(stage)) or stage


def asked_words(requirement: Requirement, outline: ProgrammeOutline) -> str:
    """Return what a requirement asks, as one phrase: 4 × short practice assessment at level 4 or higher, by …."""
    if requirement.is_in_rounds:
        return ngettext(
            "%(num)s round of %(what)s with answers of at least %(people)s people",
            "%(num)s rounds of %(what)s, each with answers of at least %(people)s people",
            requirement.min_count,
            what=_instrument(requirement, outline),
            people=requirement.min_assessors,
        )
    asked = _seen(requirement, outline, requirement.min_count)
    if requirement.min_assessors < 2:
        return asked
    return _("%(asked)s, by %(people)s different assessors", asked=asked, people=requirement.min_assessors)


def needed_words(item: RequirementProgress, outline: ProgrammeOutline) -> str:
    """Return the least that still meets a requirement, as one phrase; the empty text when it is met."""
    step = item.next_step
    if step is None:
        return ""
    requirement = item.requirement
    if requirement.is_in_rounds:
        return _needed_in_rounds(item, outline)
    asked = _seen(requirement, outline, step.observations)
    if not step.assessors or (not item.people and step.assessors < 2):
        return asked
    if not item.people:
        return _("%(asked)s, by %(people)s different assessors", asked=asked, people=step.assessors)
    if step.assessors < step.observations:
        return ngettext(
            "%(asked)s, at least one by another assessor",
            "%(asked)s, of which %(num)s by other assessors",
            step.assessors,
            asked=asked,
        )
    return ngettext(
        "%(asked)s, by another assessor", "%(asked)s, by %(num)s other assessors", step.assessors, asked=asked
    )


def _needed_in_rounds(item: RequirementProgress, outline: ProgrammeOutline) -> str:
    """Return what rounds of feedback still lack: answers in the one that is under way, or a whole round."""
    what = _instrument(item.requirement, outline)
    if item.people and item.observations_missing == 1:
        return ngettext(
            "%(num)s more answer in the open round of %(what)s",
            "%(num)s more answers in the open round of %(what)s",
            item.assessors_missing,
            what=what,
        )
    return ngettext(
        "%(num)s round of %(what)s with answers of at least %(people)s people",
        "%(num)s rounds of %(what)s, each with answers of at least %(people)s people",
        item.observations_missing,
        what=what,
        people=item.requirement.min_assessors,
    )


def _seen(requirement: Requirement, outline: ProgrammeOutline, number: int) -> str:
    """Return so many observations of a requirement's kind, with what each must be."""
    what = _instrument(requirement, outline)
    if requirement.result is ResultKind.COUNT:
        return ngettext("%(num)s confirmed procedure", "%(num)s confirmed procedures", number)
    if requirement.result is ResultKind.PASS_FAIL:
        return _("%(number)s × %(what)s, passed", number=number, what=what)
    if requirement.conditions:
        listed = ", ".join(
            _("%(condition)s: %(least)s", condition=in_language(outline.conditions.get(name)) or name, least=least)
            for name, least in requirement.conditions.items()
        )
        return _("%(number)s × %(what)s (%(conditions)s)", number=number, what=what, conditions=listed)
    if requirement.minimum is not None:
        level = requirement.minimum.code
        return _("%(number)s × %(what)s at level %(level)s or higher", number=number, what=what, level=level)
    return _("%(number)s × %(what)s", number=number, what=what)


def _instrument(requirement: Requirement, outline: ProgrammeOutline) -> str:
    """Return the instrument, with the form where the requirement names one."""
    instrument = in_language(outline.instruments.get(requirement.instrument)) or requirement.instrument
    form = in_language(outline.forms.get(requirement.form or ""))
    return f"{instrument} – {form}" if form and form != instrument else instrument


def still_needed(progress: EpaProgress, outline: ProgrammeOutline) -> str:
    """Return the smallest step that still lacks on an EPA in one sentence, and how many requirements lack beside it."""
    lacking = [(step.observations, item) for item in progress.items if (step := item.next_step)]
    if not lacking:
        return _("All requirements are met.") if progress.items else ""
    needed = needed_words(min(lacking, key=lambda one: one[0])[1], outline)
    if len(lacking) == 1:
        return _("Still needed: %(needed)s.", needed=needed)
    return ngettext(
        "Still needed: %(needed)s, and one requirement more.",
        "Still needed: %(needed)s, and %(num)s requirements more.",
        len(lacking) - 1,
        needed=needed,
    )


def why_met(progress: EpaProgress, outline: ProgrammeOutline) -> str:
    """Return what met the requirements, requirement by requirement, in one sentence."""
    met = [
        ngettext(
            "%(what)s: %(count)s where %(needed)s is asked, by %(num)s assessor",
            "%(what)s: %(count)s where %(needed)s is asked, by %(num)s assessors",
            len(item.assessors),
            what=_instrument(item.requirement, outline),
            count=item.count,
            needed=item.requirement.min_count,
        )
        if item.assessors
        else _(
            "%(what)s: %(count)s where %(needed)s is asked",
            what=_instrument(item.requirement, outline),
            count=item.count,
            needed=item.requirement.min_count,
        )
        for item in progress.items
        if item.is_met
    ]
    return _("Counted: %(list)s.", list="; ".join(met)) if met else ""


def seen_words(seen: Observation, names: Mapping[UUID, str]) -> str:
    """Return one observation in a line: the day of the act, what it says, and by whom."""
    said = _said(seen)
    if seen.assessed_by is None:
        return _("%(day)s, own account", day=day(seen.observed_on))
    name = names.get(seen.assessed_by, "–")
    if not said:
        return _("%(day)s, by %(name)s", day=day(seen.observed_on), name=name)
    return _("%(day)s, %(said)s, by %(name)s", day=day(seen.observed_on), said=said, name=name)


def _said(seen: Observation) -> str:
    """Return what an observation says in a word or two; feedback in words says nothing here."""
    if seen.level is not None:
        return _("level %(level)s", level=seen.level.code)
    if seen.passed is not None:
        return _("passed") if seen.passed else _("not passed")
    return ngettext("%(num)s procedure", "%(num)s procedures", seen.quantity) if seen.quantity > 1 else ""
