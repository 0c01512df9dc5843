"""Where a person can go: by what they do, in all organisations at once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from flask import request

from competencies.people import Role
from lms.accounts.permissions import known_of_me
from lms.authoring.permissions import can_write_programmes
from lms.core.addresses import path_to
from lms.core.words import _
from lms.exchange.permissions import can_see_exchange
from lms.organisations.permissions import Duties, my_duties
from lms.progress import queries
from lms.progress.queries import Work

SEE_COHORTS = (Role.PROGRAMME_LEAD, Role.COMMITTEE_MEMBER, Role.AUDITOR, Role.REGIONAL_COORDINATOR)
SEE_ORGANISATIONS = (*SEE_COHORTS, Role.ORGANISATION_ADMINISTRATOR)


@dataclass(frozen=True, slots=True)
class Place:
    """One line of the navigation; `count` is what waits there for this person."""

    label: str
    url: str
    current: bool
    count: int


def navigation() -> list[Place]:
    """Return the places of the person who is asking, with what waits for them."""
    return [
        Place(label, path_to(endpoint), current=request.endpoint == endpoint, count=count)
        for endpoint, label, count in _endpoints(my_duties(), my_work())
    ]


def my_work() -> Work:
    """Return what the person who is asking has to do with trainees today, as it was when they were let in."""
    return queries.work_from(known_of_me())


def _endpoints(duties: Duties, work: Work) -> Iterator[tuple[str, str, int]]:
    """Yield the endpoint, the label and the number waiting of each place, in the order of the menu."""
    yield "progress.home", _("Home"), 0
    if work.is_trainee:
        yield "logbook.activities", _("My activities"), 0
    if work.is_trainee or work.guides:
        yield "reflections.reflections", _("Reflections"), 0
        yield "multisource.rounds", _("Feedback rounds"), 0
    if work.waiting or work.guides or duties.has(Role.TRAINER):
        yield "assessments.waiting", _("To assess"), work.waiting
    if work.leads or duties.has(*SEE_COHORTS):
        yield "progress.cohorts", _("Cohorts"), 0
    yield "curriculum.programmes", _("Programmes"), 0
    if can_write_programmes(duties):
        yield "authoring.drafts", _("Drafts"), 0
    if can_see_exchange(duties):
        yield "exchange.imports", _("Exchange"), 0
    if duties.has(*SEE_ORGANISATIONS):
        yield "organisations.organisations", _("Organisations"), 0
    yield "notices.notices", _("Notices"), known_of_me().unread
    yield "accounts.account", _("Your account"), 0
