"""Attainments: what the file of a trainee holds beside observations, and who may record and confirm it."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from competencies.errors import RuleBroken

MOST_HOURS = Decimal(5000)
"""The most hours that one line can hold."""


class AttainmentKind(StrEnum):
    """What can be attained beside what is observed; the exemptions free from hours or from an EPA."""

    HOURS = "hours"
    PLACEMENT = "placement"
    SESSION = "session"
    PRODUCT = "product"
    TEST = "test"
    EXTERNAL_DIPLOMA = "external_diploma"
    EXEMPT_HOURS = "exempt_hours"
    EXEMPT_EPA = "exempt_epa"

    @property
    def is_exemption(self) -> bool:
        """Return whether it frees from something instead of saying that it was done."""
        return self in {AttainmentKind.EXEMPT_HOURS, AttainmentKind.EXEMPT_EPA}

    @property
    def decides(self) -> bool:
        """Return whether confirming it decides about the trainee, so that one person alone may not."""
        return self.is_exemption or self is AttainmentKind.EXTERNAL_DIPLOMA


class HoursOf(StrEnum):
    """What hours are spent on."""

    PRACTICE = "practice"
    THEORY = "theory"
    SELF_STUDY = "self_study"


class AttainmentState(StrEnum):
    """Where an attainment stands."""

    WAITING = "waiting"
    CONFIRMED = "confirmed"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True, kw_only=True)
class Attainment:
    """One thing that was done, attended, handed in, passed or exempted, with who recorded and who confirmed it.

    `key` says what it is in the programme: the kind of hours, the placement, session, product, test or EPA. `amount` is
    in hours, in days of a session, else 1. `confirmed_by` is null while nobody did; `withdrawn_on` the first day on
    which it no longer counts.
    """

    id: UUID
    kind: AttainmentKind
    key: str | None = None
    setting: str | None = None
    amount: Decimal = Decimal(1)
    done_on: date
    organisation_id: UUID | None = None
    passed: bool = True
    recorded_by: UUID
    confirmed_by: UUID | None = None
    withdrawn_on: date | None = None

    def __post_init__(self) -> None:
        """Refuse an amount of nothing or less, which would take evidence away: amount_not_positive."""
        if self.amount <= 0:
            raise RuleBroken("amount_not_positive", amount=str(self.amount))


def check_attainment(
    *, done_on: date, starts_on: date, today: date, amount: Decimal, kind: AttainmentKind, has_proof: bool
) -> None:
    """Accept what is recorded, or raise RuleBroken.

    It was done by today; what is done for the programme not before its start, but a diploma or an exemption rests on
    what came before. An exemption and a diploma name their proof.
    """
    if done_on > today:
        raise RuleBroken("attained_in_future", done_on=done_on)
    if done_on < starts_on and not kind.decides:
        raise RuleBroken("attained_before_enrolment", done_on=done_on, starts_on=starts_on)
    if not 0 < amount <= MOST_HOURS:
        raise RuleBroken("amount_out_of_range", most=int(MOST_HOURS))
    if kind.decides and not has_proof:
        raise RuleBroken("proof_missing")


def check_confirmation(
    kind: AttainmentKind,
    state: AttainmentState,
    *,
    recorded_by: UUID,
    by: UUID,
    trainee_id: UUID,
) -> None:
    """Accept who confirms or refuses, or raise RuleBroken: never the trainee, and four eyes where it decides."""
    if state is not AttainmentState.WAITING:
        raise RuleBroken("attainment_settled", was=state)
    if by == trainee_id:
        raise RuleBroken("own_confirmation")
    if kind.decides and by == recorded_by:
        raise RuleBroken("confirmed_by_recorder")


def check_withdrawal(state: AttainmentState, *, reason: str) -> None:
    """Accept taking an attainment back, which is told why and never erases it, or raise RuleBroken."""
    if state in {AttainmentState.REFUSED, AttainmentState.WITHDRAWN}:
        raise RuleBroken("attainment_settled", was=state)
    if not reason.strip():
        raise RuleBroken("withdrawal_reason_missing")


def counts_at_once(kind: AttainmentKind, *, recorded_by: UUID, trainee_id: UUID) -> bool:
    """Return whether recording it confirms it: what a trainer or lead writes down themselves and nothing hangs on."""
    return recorded_by != trainee_id and not kind.decides
