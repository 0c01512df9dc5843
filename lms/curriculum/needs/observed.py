"""Requirements on observations in the reader's words: what is asked, what counted, what lacks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from uuid import UUID

from competencies.curricula import ResultKind
from competencies.invitations import Identity
from competencies.observations import Context, Observation
from competencies.people import Role
from competencies.progress import NextStep, RequirementProgress
from competencies.requirements import Requirement, Spread
from lms.core.templating import day
from lms.core.words import _, in_language, label, ngettext
from lms.curriculum.needs.named import Named


def asked_words(requirement: Requirement, named: Named) -> str:
    """Return what a requirement asks, as one phrase: 4 × short practice assessment at level 4 or higher, by …."""
    if requirement.is_in_rounds:
        return ngettext(
            "%(num)s round of %(what)s with answers of at least %(people)s people",
            "%(num)s rounds of %(what)s, each with answers of at least %(people)s people",
            requirement.min_count,
            what=instrument_words(requirement, named),
            people=requirement.min_assessors,
        )
    asked = _seen(requirement, named, requirement.min_count)
    if requirement.min_assessors >= 2:
        asked = _("%(asked)s, by %(people)s different assessors", asked=asked, people=requirement.min_assessors)
    more = list(limits_of(requirement))
    return _("%(asked)s (%(more)s)", asked=asked, more="; ".join(more)) if more else asked


def limits_of(requirement: Requirement) -> Iterator[str]:
    """Yield by whom, where and from when it counts, and how many simulated ones at most."""
    yield from (role_words(role, least) for role, least in requirement.assessor_roles.items())
    yield from (spread_words(one, one.min_different) for one in requirement.spread)
    if requirement.within_months is not None:
        yield ngettext("of the last month", "of the last %(num)s months", requirement.within_months)
    if requirement.max_simulated is not None:
        yield ngettext("at most %(num)s simulated", "at most %(num)s simulated", requirement.max_simulated)


def role_words(role: Role, number: int) -> str:
    """Return so many assessors of a role, as one phrase."""
    return ngettext("%(num)s assessor as %(role)s", "%(num)s assessors as %(role)s", number, role=label(role).lower())


def spread_words(spread: Spread, number: int) -> str:
    """Return so many different contexts, as one phrase."""
    match spread.over:
        case Context.DEPARTMENT:
            return ngettext("%(num)s department", "%(num)s different departments", number)
        case Context.PATIENT_GROUP:
            return ngettext("%(num)s patient group", "%(num)s different patient groups", number)
        case Context.COMPLEXITY:
            return ngettext("%(num)s complexity", "%(num)s different complexities", number)
        case Context.SETTING:
            return ngettext("%(num)s setting", "%(num)s different settings", number)


def needed_words(item: RequirementProgress, named: Named) -> str:
    """Return the least that still meets a requirement, as one phrase; the empty text when it is met."""
    step = item.next_step
    if step is None:
        return ""
    requirement = item.requirement
    if requirement.is_in_rounds:
        return _needed_in_rounds(item, named)
    needed = _by_whom(item, step, _seen(requirement, named, step.observations))
    more = [
        *(_("%(what)s more", what=role_words(role, lack)) for role, lack in step.roles),
        *(_("%(what)s more", what=spread_words(spread, lack)) for spread, lack in step.spread),
    ]
    return _("%(asked)s (%(more)s)", asked=needed, more="; ".join(more)) if more else needed


def _by_whom(item: RequirementProgress, step: NextStep, asked: str) -> str:
    """Return what is asked with by how many people, new ones where some count already."""
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


def _needed_in_rounds(item: RequirementProgress, named: Named) -> str:
    """Return what rounds of feedback still lack: answers in the one that is under way, or a whole round."""
    what = instrument_words(item.requirement, named)
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


def _seen(requirement: Requirement, named: Named, number: int) -> str:
    """Return so many observations of a requirement's kind, with what each must be."""
    what = instrument_words(requirement, named)
    if requirement.result is ResultKind.COUNT:
        return ngettext("%(num)s confirmed procedure", "%(num)s confirmed procedures", number)
    if requirement.result is ResultKind.PASS_FAIL:
        return _("%(number)s × %(what)s, passed", number=number, what=what)
    if requirement.conditions:
        listed = ", ".join(
            _("%(condition)s: %(least)s", condition=in_language(named.conditions.get(name)) or name, least=least)
            for name, least in requirement.conditions.items()
        )
        return _("%(number)s × %(what)s (%(conditions)s)", number=number, what=what, conditions=listed)
    if requirement.minimum is not None:
        level = requirement.minimum.code
        return _("%(number)s × %(what)s at level %(level)s or higher", number=number, what=what, level=level)
    return _("%(number)s × %(what)s", number=number, what=what)


def instrument_words(requirement: Requirement, named: Named) -> str:
    """Return the instrument, with the form where the requirement names one."""
    instrument = in_language(named.instruments.get(requirement.instrument)) or requirement.instrument
    form = in_language(named.forms.get(requirement.form or ""))
    return f"{instrument} – {form}" if form and form != instrument else instrument


def seen_words(seen: Observation, names: Mapping[UUID, str]) -> str:
    """Return one observation in a line: the day of the act, what it says, and by whom."""
    said = _said(seen)
    if seen.answers is not None:
        return round_words(seen.observed_on, seen.answers)
    if seen.assessed_by is None:
        return _("%(day)s, own account", day=day(seen.observed_on))
    name = names.get(seen.assessed_by, "–")
    if seen.identity is not Identity.ACCOUNT:
        name = f"{name} ({label(seen.identity)})"
    if not said:
        return _("%(day)s, by %(name)s", day=day(seen.observed_on), name=name)
    return _("%(day)s, %(said)s, by %(name)s", day=day(seen.observed_on), said=said, name=name)


def round_words(closed_on: date, answers: int) -> str:
    """Return a closed round of feedback in a line: how many people answered, never who."""
    return ngettext(
        "feedback round closed on %(day)s, answer of %(num)s person",
        "feedback round closed on %(day)s, answers of %(num)s people",
        answers,
        day=day(closed_on),
    )


def _said(seen: Observation) -> str:
    """Return what an observation says in a word or two; feedback in words says nothing here."""
    if seen.level is not None:
        return _("level %(level)s", level=seen.level.code)
    if seen.passed is not None:
        return _("passed") if seen.passed else _("not passed")
    return ngettext("%(num)s procedure", "%(num)s procedures", seen.quantity) if seen.quantity > 1 else ""
