"""Who finds what: the curriculum is everybody's, a framework that was imported only that of some people."""

from __future__ import annotations

from sqlalchemy import ColumnElement, false, or_, select, true
from sqlalchemy.orm import InstrumentedAttribute

from competencies.people import Role
from lms.organisations.models import AllianceMembership
from lms.organisations.permissions import Duties
from lms.organisations.queries import current
from lms.search.models import EntryKind, SearchEntry

READERS = (Role.PROGRAMME_LEAD, Role.AUDITOR)
"""Who reads the packages of the organisation where the role is held, and of its alliances."""


def is_of_own_place(duties: Duties, place: InstrumentedAttribute[object]) -> ColumnElement[bool]:
    """Return whether a column names a place whose packages the person reads."""
    mine = duties.places(*READERS)
    alliances = select(AllianceMembership.alliance_id).where(
        AllianceMembership.organisation_id.in_(mine),
        current(AllianceMembership.starts_on, AllianceMembership.ends_on, duties.on),
    )
    return or_(place.in_(mine | duties.places(Role.REGIONAL_COORDINATOR)), place.in_(alliances))


def reads_open_ones(duties: Duties) -> ColumnElement[bool]:
    """Return whether the person reads the packages of others that are open to everybody."""
    return true() if duties.has(*READERS, Role.REGIONAL_COORDINATOR) else false()


def findable(duties: Duties) -> ColumnElement[bool]:
    """Return whether a person may find an entry."""
    package = or_(is_of_own_place(duties, SearchEntry.place_id), SearchEntry.is_open & reads_open_ones(duties))
    return or_(SearchEntry.kind != EntryKind.PACKAGE, package)
