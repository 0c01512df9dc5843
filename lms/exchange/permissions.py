"""Who may hand files in, apply them, and open packages to everybody."""

from __future__ import annotations

from uuid import UUID

from competencies.people import Role
from lms.exchange.models import FrameworkPackage, Import
from lms.organisations.permissions import Duties

WORKS_WITH_FILES = (Role.PROGRAMME_LEAD, Role.REGIONAL_COORDINATOR)
READS_FILES = (*WORKS_WITH_FILES, Role.AUDITOR)


def can_see_exchange(duties: Duties) -> bool:
    """Whether the person may come to the pages of imports and packages at all."""
    return duties.has(*READS_FILES)


def can_hand_in(duties: Duties) -> bool:
    """Whether the person may hand in a file for any organisation or alliance."""
    return duties.has(*WORKS_WITH_FILES)


def can_hand_in_for(duties: Duties, place_id: UUID) -> bool:
    """Whether the person may hand in a file for that organisation or alliance."""
    return place_id in duties.places(*WORKS_WITH_FILES)


def can_apply(duties: Duties, one: Import) -> bool:
    """Whether the person may let the import be applied; what all programmes share only a coordinator."""
    if one.kind is not None and one.kind.is_shared:
        return one.alliance_id in duties.places(Role.REGIONAL_COORDINATOR)
    return can_discard(duties, one)


def can_discard(duties: Duties, one: Import) -> bool:
    """Whether the person may take the file back that was handed in."""
    return one.place_id is not None and can_hand_in_for(duties, one.place_id)


def can_change_package(duties: Duties, package: FrameworkPackage) -> bool:
    """Whether the person may open the package to everybody, or close it again."""
    owner = package.organisation_id or package.alliance_id
    return owner is not None and can_hand_in_for(duties, owner)


def owner_at(duties: Duties, place_id: UUID) -> dict[str, UUID | None]:
    """Return the columns that name a place as owner: an alliance that the person coordinates, else an organisation."""
    is_alliance = place_id in duties.places(Role.REGIONAL_COORDINATOR)
    return {"organisation_id": None if is_alliance else place_id, "alliance_id": place_id if is_alliance else None}
