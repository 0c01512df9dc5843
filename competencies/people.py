"""Roles, organisations and the days on which a membership holds."""

from datetime import date
from enum import StrEnum


class Role(StrEnum):
    """What a person may be, on dated days, in an organisation or an alliance; roles do not imply one another."""

    TRAINEE = "trainee"
    TRAINER = "trainer"
    PROGRAMME_LEAD = "programme_lead"
    COMMITTEE_MEMBER = "committee_member"
    ORGANISATION_ADMINISTRATOR = "organisation_administrator"
    REGIONAL_COORDINATOR = "regional_coordinator"
    AUDITOR = "auditor"


class OrganisationKind(StrEnum):
    """The kinds of organisation that train."""

    HOSPITAL = "hospital"
    AMBULANCE_SERVICE = "ambulance_service"
    TRAINING_INSTITUTE = "training_institute"


class EndReason(StrEnum):
    """Why an enrolment ended."""

    COMPLETED = "completed"
    DROPPED_OUT = "dropped_out"
    TRANSFERRED = "transferred"


def is_current(starts_on: date, ends_on: date | None, on: date) -> bool:
    """Return whether a dated membership holds on that day; its first and its last day both count, no end is open."""
    return starts_on <= on and (ends_on is None or on <= ends_on)
