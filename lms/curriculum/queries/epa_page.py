"""An EPA with all that its page shows around it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, load_only

from competencies.scope import ScopeGroup
from lms.curriculum.models import Epa, ReservedAction
from lms.curriculum.queries.editions import Edition, editions_of_epa
from lms.curriculum.queries.epas import epa_in_full, scope_of


@dataclass(frozen=True, slots=True, kw_only=True)
class EpaOnPage:
    """An EPA with its scope, the EPAs that it is nested in or holds, its reserved actions and its other versions."""

    epa: Epa
    scope: tuple[ScopeGroup, ...]
    parent: Epa | None
    children: Sequence[Epa]
    reserved: Sequence[ReservedAction]
    editions: tuple[Edition, ...]


def epa_on_page(session: Session, epa_id: UUID) -> EpaOnPage | None:
    """Return an EPA with everything that its page shows, or None."""
    epa = epa_in_full(session, epa_id)
    if epa is None:
        return None
    family = _family(session, epa)
    return EpaOnPage(
        epa=epa,
        scope=scope_of(session, epa),
        parent=next((one for one in family if one.key == epa.parent_key), None),
        children=[one for one in family if one.parent_key == epa.key],
        reserved=_reserved(session, epa) if epa.reserved_actions else (),
        editions=editions_of_epa(session, epa),
    )


def _family(session: Session, epa: Epa) -> Sequence[Epa]:
    """Return the EPA that this one is nested in, and those that are nested in it."""
    return session.scalars(
        select(Epa)
        .where(
            Epa.programme_version_id == epa.programme_version_id,
            or_(Epa.parent_key == epa.key, Epa.key == epa.parent_key),
        )
        .options(load_only(Epa.key, Epa.parent_key, Epa.title))
        .order_by(Epa.position)
    ).all()


def _reserved(session: Session, epa: Epa) -> Sequence[ReservedAction]:
    return session.scalars(
        select(ReservedAction).where(ReservedAction.key.in_(epa.reserved_actions)).order_by(ReservedAction.position)
    ).all()
