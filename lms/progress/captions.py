"""The findings of charts in the reader's words, and the tables beside them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from competencies.entrustment import Decision
from competencies.scales import Level, Scale
from lms.core.templating import day
from lms.core.words import _, in_language, ngettext
from lms.progress.numbers import CohortNumbers
from lms.progress.values import CohortMatrix, CohortTotals, EpaSummary, Rated


def level_words(level: Level) -> str:
    """Return the code and the title of a level."""
    return f"{level.code} {in_language(level.title)}"


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
        found = _(
            "Ratings at the needed level %(level)s or higher: %(reached)s of %(count)s.",
            level=target.code,
            reached=sum(one.level.is_at_least(target) for one in given),
            count=len(given),
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


def cohort_caption(matrix: CohortMatrix, totals: CohortTotals | None = None) -> str:
    """Return the finding of a cohort: how much of what is asked is reached, and where most and least.

    `totals` are of more trainees than the matrix holds.
    """
    totals = totals or matrix.totals
    summaries = totals.epas
    if not totals.asked:
        return _("No levels are asked in this cohort.")
    found = [
        ngettext("%(num)s trainee.", "%(num)s trainees.", totals.trainees),
        _(
            "In force at the needed level: %(reached)s of the %(asked)s declarations that the programme asks.",
            reached=totals.reached,
            asked=totals.asked,
        ),
    ]
    expired = sum(one.expired for one in summaries)
    if expired:
        found.append(_("Expired: %(count)s.", count=expired))
    found.extend(_extremes(matrix, summaries))
    if len(matrix.versions) > 1:
        found.append(_("* is an EPA of an earlier version of the programme."))
    return " ".join(found)


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
            most=most[1].marked_code,
            most_reached=most[2].reached,
            most_asked=most[2].asked,
            least=least[1].marked_code,
            least_reached=least[2].reached,
            least_asked=least[2].asked,
        )


@dataclass(frozen=True, slots=True)
class Event:
    """A line of the table beside the chart of levels over time."""

    on: date
    what: str
    level: Level


def events(ratings: Iterable[Rated], decisions: Iterable[Decision]) -> list[Event]:
    """Return the ratings and declarations in the order of their days, as the table beside the chart lists them."""
    rated = [Event(one.on, _("Own rating") if one.by_trainee else _("Assessment"), one.level) for one in ratings]
    declared = [Event(one.decided_on, _("Declaration"), one.level) for one in decisions]
    return sorted((*rated, *declared), key=lambda event: event.on)


@dataclass(frozen=True, slots=True)
class LegendLevel:
    """A level in the reader's language."""

    code: str
    rank: int
    title: str


def legend_of(scale: Scale) -> list[LegendLevel]:
    """Return the levels of a scale for the legend of a table."""
    return [LegendLevel(level.code, level.rank, in_language(level.title)) for level in scale.levels]


def numbers_caption(numbers: CohortNumbers) -> str:
    """Return the finding of a cohort in numbers: the level that most trainees have, at the EPA where most have it."""
    found = [
        (count, row, epa)
        for row in numbers.rows
        if row.level is not None
        for epa, count in zip(numbers.columns, row.counts, strict=True)
        if count
    ]
    if not found:
        return _("No level in this cohort is held by a group that is large enough to show.")
    count, row, epa = max(found, key=lambda one: one[0])
    return ngettext(
        "The largest group that can be shown: %(num)s trainee at level %(level)s of %(epa)s.",
        "The largest group that can be shown: %(num)s trainees at level %(level)s of %(epa)s.",
        count,
        level=level_words(row.level) if row.level else "",
        epa=epa.marked_code,
    )
