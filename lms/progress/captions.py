"""Findings and requirements in the reader's words: what is asked, what lacks, what a chart shows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from competencies.curricula import ResultKind
from competencies.progress import RequirementProgress
from competencies.requirements import Requirement
from competencies.scales import Level
from lms.core.templating import day
from lms.core.words import _, in_language, ngettext
from lms.progress.values import CohortMatrix, EpaSummary, ProgrammeOutline, Rated


def level_words(level: Level) -> str:
    """Return the code and the title of a level."""
    return f"{level.code} {in_language(level.title)}"


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


def levels_caption(ratings: Sequence[Rated], *, target: Level | None, in_force: Level | None) -> str:
    """Return the finding of levels over time: how many ratings reach the needed level, the last one, what is declared.

    The trainee's own ratings are left out of the numbers.
    """
    given = sorted((one for one in ratings if not one.by_trainee), key=lambda one: one.on)
    if not given:
        found = _("No assessor has rated this EPA yet.")
    elif target is None:
        found = ngettext("%(num)s rating by an assessor.", "%(num)s ratings by assessors.", len(given))
    else:
        found = ngettext(
            "%(reached)s of %(num)s rating is at level %(level)s or higher, the level that is needed.",
            "%(reached)s of %(num)s ratings are at level %(level)s or higher, the level that is needed.",
            len(given),
            reached=sum(one.level.is_at_least(target) for one in given),
            level=target.code,
        )
    return " ".join((found, *_last_and_declared(given, in_force)))


def _last_and_declared(given: Sequence[Rated], in_force: Level | None) -> Iterable[str]:
    if given:
        last = given[-1]
        yield _("The last one, on %(day)s, is level %(level)s.", day=day(last.on), level=level_words(last.level))
    if in_force is not None:
        yield _("Declared and in force: level %(level)s.", level=level_words(in_force))
    else:
        yield _("No declaration is in force.")


def cohort_caption(matrix: CohortMatrix) -> str:
    """Return the finding of a cohort: how much of what is asked is reached, and where most and least."""
    summaries = matrix.summary
    asked = sum(one.asked for one in summaries)
    if not asked:
        return _("No levels are asked in this cohort.")
    found = [
        ngettext(
            "%(trainees)s: of the %(num)s declaration that the programme asks, %(reached)s is in force.",
            "%(trainees)s: of the %(num)s declarations that the programme asks, %(reached)s are in force.",
            asked,
            trainees=ngettext("%(num)s trainee", "%(num)s trainees", len(matrix.rows)),
            reached=sum(one.reached for one in summaries),
        )
    ]
    expired = sum(one.expired for one in summaries)
    if expired:
        found.append(ngettext("%(num)s has expired.", "%(num)s have expired.", expired))
    return " ".join((*found, *_extremes(matrix, summaries)))


def _extremes(matrix: CohortMatrix, summaries: Sequence[EpaSummary]) -> Iterable[str]:
    """Yield the EPAs that most and fewest trainees reached, where these differ."""
    shares = [
        (one.reached / one.asked, epa, one) for epa, one in zip(matrix.columns, summaries, strict=True) if one.asked
    ]
    most, least = max(shares, key=lambda share: share[0]), min(shares, key=lambda share: share[0])
    if most[0] > least[0]:
        yield _(
            "Most trainees reached %(most)s (%(most_reached)s of %(most_asked)s), "
            "fewest %(least)s (%(least_reached)s of %(least_asked)s).",
            most=most[1].short_code,
            most_reached=most[2].reached,
            most_asked=most[2].asked,
            least=least[1].short_code,
            least_reached=least[2].reached,
            least_asked=least[2].asked,
        )
