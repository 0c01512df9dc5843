"""Words for what an activity is about, and what a trainee is likely to log next."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple
from uuid import UUID

from flask_babel import format_date

from competencies.curricula import shown_code
from competencies.observations import LISTED, ActivityKind, Context
from lms.core.db import Words
from lms.core.words import _, in_language, label
from lms.curriculum.models import Epa
from lms.curriculum.queries import Contexts
from lms.logbook.models import Activity, ActivityVersion
from lms.organisations.models import Department

SPECIAL = frozenset({ActivityKind.REFLECTION, ActivityKind.FEEDBACK_ROUND})
"""Kinds that nobody does as a matter of routine: they are not proposed, not repeated and not logged in a series."""
REPEATABLE = 3
DAYS_BACK = 7


class ListedEpa(NamedTuple):
    """An EPA as a line of a list names it."""

    official_code: str | None
    local_code: str | None
    title: Words


class Listed(NamedTuple):
    """An activity as a line of a list: what was done and when, with the EPAs it was for in their order."""

    id: UUID
    kind: ActivityKind
    performed_on: date
    note: str
    epas: Sequence[ListedEpa]


@dataclass(frozen=True, slots=True)
class Offered:
    """What a trainee can choose from when they log something: by key, in the order in which it is offered."""

    epas: Mapping[UUID, Epa]
    departments: Mapping[UUID, Department]
    contexts: Contexts

    def chosen(self, epa_ids: Iterable[UUID]) -> list[Epa]:
        """Return the EPAs with those keys, each once."""
        return [self.epas[key] for key in dict.fromkeys(epa_ids)]


def epa_line(epa: Epa | ListedEpa) -> str:
    """Return an EPA in one line: its code and its title in the reader's language."""
    return f"{shown_code(epa.official_code, epa.local_code or '').code} {in_language(epa.title)}"


def known_first(epas: Iterable[Epa], recent: Collection[UUID]) -> list[Epa]:
    """Return the EPAs with those that were used last in front, else in their order."""
    return sorted(epas, key=lambda epa: epa.id not in recent)


def epas_of(latest: Iterable[Activity]) -> frozenset[UUID]:
    """Return the keys of the EPAs of activities; needs these."""
    return frozenset(epa.id for one in latest for epa in one.epas)


def likely_kind(latest: Iterable[Activity]) -> ActivityKind:
    """Return the kind that was logged last, or the most common one where nothing was."""
    return next((one.kind for one in latest if one.kind not in SPECIAL), ActivityKind.PATIENT_CONTACT)


def to_repeat(latest: Iterable[Activity]) -> list[Activity]:
    """Return the last few activities that differ in their words, each to log once more."""
    by_words: dict[str, Activity] = {}
    for one in latest:
        if one.kind not in SPECIAL:
            by_words.setdefault(one.note.casefold(), one)
    return list(by_words.values())[:REPEATABLE]


def days_to_choose(since: date, until: date) -> list[date]:
    """Return the days of the last week on which a trainee can have done something, the latest first."""
    days = (until - timedelta(days=back) for back in range(DAYS_BACK))
    return [day for day in days if day >= since]


class Change(NamedTuple):
    """One thing that a correction changed, in words: what it is, what it was and what it is now."""

    of: str
    was: str
    now: str


class Correction(NamedTuple):
    """A correction: the version that it made, and what is different from the one before."""

    version: ActivityVersion
    changes: Sequence[Change]


def changes_of(was: ActivityVersion, now: ActivityVersion, epas: Mapping[str, Epa], contexts: Contexts) -> list[Change]:
    """Return what is different between two versions, in the reader's words; needs their departments."""
    before, after = (_said(one, epas, contexts) for one in (was, now))
    return [Change(of, before[of], after[of]) for of in after if before[of] != after[of]]


def _said(version: ActivityVersion, epas: Mapping[str, Epa], contexts: Contexts) -> dict[str, str]:
    """Return what a version says, by what it is about."""
    place = version.department
    return {
        _("What was done"): version.note,
        _("Kind of activity"): label(version.kind),
        _("Day"): format_date(version.performed_on, "d MMM y"),
        _("Department"): f"{place.name}, {place.organisation.name}",
        _("Number of times"): str(version.quantity),
        _("EPAs"): "; ".join(epa_line(epas[key]) for key in version.epa_ids),
        **{label(one): context_title(version.contexts, one, contexts) for one in LISTED},
    }


def lines_of(activity: Activity) -> list[tuple[str, str]]:
    """Return what an activity says, each line under the words of the form; needs EPAs and department."""
    place = activity.department
    return [
        (_("What you did, in one line"), activity.note),
        (_("Kind of activity"), label(activity.kind)),
        (_("Day"), format_date(activity.performed_on, "d MMM y")),
        (_("EPAs"), "; ".join(epa_line(epa) for epa in activity.epas)),
        (_("Department"), f"{place.name}, {place.organisation.name}"),
        (_("Number of times"), str(activity.quantity)),
    ]


def context_title(chosen: Mapping[str, str], context: Context, contexts: Contexts) -> str:
    """Return the words for what was chosen of a kind; the key itself where the programme does not list it any more."""
    key = chosen.get(context)
    return "–" if key is None else in_language(contexts.get(context, {}).get(key)) or key
