"""What people may do to attainments."""

from __future__ import annotations

from competencies.attainments import AttainmentState
from competencies.people import Role
from lms.attainments.models import AttainmentRow
from lms.attainments.values import state_of
from lms.cohorts.models import Enrolment
from lms.cohorts.permissions import can_change_enrolment, is_guided_by
from lms.organisations.permissions import Duties


def can_record(duties: Duties, enrolment: Enrolment) -> bool:
    """Whether the person may record on the enrolment: the trainee, who guides them, or a programme lead.

    Needs its cohort and trainers.
    """
    return enrolment.trainee_id == duties.user_id or _stands_beside(duties, enrolment)


def can_confirm(duties: Duties, attainment: AttainmentRow) -> bool:
    """Whether the person may confirm or refuse what waits: who guides the trainee or leads the programme.

    What decides about the trainee (an exemption, a diploma) is for a programme lead or a committee member, and not for
    who recorded it. Nobody confirms their own. Needs the enrolment with cohort and trainers, and the steps.
    """
    enrolment = attainment.enrolment
    if enrolment.trainee_id == duties.user_id or state_of(attainment) is not AttainmentState.WAITING:
        return False
    if attainment.kind.decides:
        place = enrolment.cohort.organisation_id
        decides = duties.holds(Role.PROGRAMME_LEAD, place) or duties.holds(Role.COMMITTEE_MEMBER, place)
        return decides and attainment.recorded_by_id != duties.user_id
    return _stands_beside(duties, enrolment)


def can_withdraw(duties: Duties, attainment: AttainmentRow) -> bool:
    """Whether the person may take it back: who recorded it while it waits, and a programme lead at any time.

    Needs the enrolment with its cohort, and the steps.
    """
    state = state_of(attainment)
    if state in {AttainmentState.REFUSED, AttainmentState.WITHDRAWN}:
        return False
    own = attainment.recorded_by_id == duties.user_id and state is AttainmentState.WAITING
    return own or can_change_enrolment(duties, attainment.enrolment)


def _stands_beside(duties: Duties, enrolment: Enrolment) -> bool:
    """Whether the person guides the trainee today, as a trainer, or is a programme lead there."""
    guides = is_guided_by(duties, enrolment) and duties.has(Role.TRAINER)
    return enrolment.trainee_id != duties.user_id and (guides or can_change_enrolment(duties, enrolment))
