"""A requirement in a programme file: what it holds depends on its kind; without a kind it is one on observations."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from marshmallow import Schema, ValidationError, validates_schema

from competencies.attainments import HoursOf
from competencies.observations import Context
from competencies.people import Role
from competencies.requirements import DEEPEST, MULTI_SOURCE_FEEDBACK
from lms.core.words import _
from lms.curriculum.schemas.fields import Always, Block, Key, Many, MapOf, OneOf, Value, Whole, blocks, ready

OBSERVATIONS = ""
"""The kind of a requirement that does not say one."""

ROLES = tuple(role.value for role in Role if role not in {Role.TRAINEE, Role.AUDITOR})
"""The roles that an assessor can be asked to hold."""

MOST_PARTS = 20


class Entry(Value):
    """A requirement of any kind; where it is `staged`, one on observations says its stage, and null is any."""

    def __init__(self, *, optional: bool = False, staged: bool = False) -> None:
        super().__init__(optional=optional)
        self.staged = staged

    def accept(self, value: Any) -> None:
        """Refuse what is no requirement of the kind that it says to be, with the key of each wrong value."""
        if not isinstance(value, dict):
            raise ValidationError(_("This must be a map of keys."))
        kind = value.get("kind", OBSERVATIONS)
        if kind not in ENTRIES or (kind == OBSERVATIONS and "kind" in value):
            known = ", ".join(one for one in ENTRIES if one)
            raise ValidationError({"kind": [_("This must be one of: %(choices)s.", choices=known)]})
        if depth_of(value) > DEEPEST:
            raise ValidationError(_("Requirements are combined at most %(deepest)s deep.", deepest=DEEPEST))
        problems: dict[Any, Any] = ready(schema_of(value)).validate(value)
        if self.staged and kind == OBSERVATIONS and "stage" not in value:
            problems["stage"] = [_("This key is missing.")]
        if problems:
            raise ValidationError(problems)


def depth_of(entry: dict[str, Any]) -> int:
    """Return how many combined requirements stand inside one another; no deeper is looked than one more than may."""
    inside: list[Any] = [entry]
    depth = 0
    while depth <= DEEPEST:
        parts = [one["of"] for one in inside if isinstance(one, dict) and isinstance(one.get("of"), list)]
        if not parts:
            break
        inside, depth = [part for of in parts for part in of], depth + 1
    return depth


class SpreadBlock(Block):
    """Over how many different contexts the observations are spread."""

    over = OneOf(Context)
    min_different = Whole(2)


class ObservationsEntry(Block):
    """So many observations with an instrument."""

    instrument = Key()
    form = Key(nullable=True)
    min_count = Whole(1)
    min_assessors = Whole(0)
    min_level = Key(nullable=True)
    stage = Key(optional=True, nullable=True)
    conditions = MapOf(Whole(1), optional=True)
    within_months = Whole(1, 240, optional=True)
    assessor_roles = MapOf(Whole(1), optional=True)
    spread = blocks(SpreadBlock, least=1, optional=True)
    max_simulated = Whole(0, optional=True)

    @validates_schema
    def _holds_together(self, data: dict[str, Any], **_kwargs: Any) -> None:
        """Refuse roles that nobody holds, a context twice, and what cannot be asked of rounds of feedback."""
        problems: dict[str, Any] = {}
        for role in data.get("assessor_roles", {}):
            if role not in ROLES:
                problems["assessor_roles"] = [_("This must be one of: %(choices)s.", choices=", ".join(ROLES))]
        over = [one.get("over") for one in data.get("spread", []) if isinstance(one, dict)]
        if len(set(over)) < len(over):
            problems["spread"] = [_("Each context stands here once.")]
        if data.get("instrument") == MULTI_SOURCE_FEEDBACK:
            unfit = data.keys() & {"assessor_roles", "spread", "max_simulated"}
            problems |= {name: [_("Rounds of feedback are not asked this.")] for name in unfit}
        if problems:
            raise ValidationError(problems)


class HoursEntry(Block):
    """So many hours."""

    kind = Always("hours")
    of = OneOf(HoursOf)
    min_hours = Whole(1)
    min_percent_in_one_organisation = Whole(1, 100, optional=True)
    stage = Key(optional=True, nullable=True)


class PlacementEntry(Block):
    """A placement with its settings."""

    kind = Always("placement")
    placement = Key()
    min_settings = Whole(1, optional=True)
    stage = Key(optional=True, nullable=True)


class SessionsEntry(Block):
    """Sessions attended."""

    kind = Always("sessions")
    modules = Many(Key())
    min_percent = Whole(1, 100, optional=True)
    min_count = Whole(1, optional=True)
    stage = Key(optional=True, nullable=True)

    @validates_schema
    def _asks_one_number(self, data: dict[str, Any], **_kwargs: Any) -> None:
        if ("min_percent" in data) == ("min_count" in data):
            raise ValidationError(_("This asks one of these: %(keys)s.", keys="min_percent, min_count"))


class ProductsEntry(Block):
    """Products that were accepted."""

    kind = Always("products")
    min_count = Whole(1)
    products = Many(Key())
    stage = Key(optional=True, nullable=True)


class TestsEntry(Block):
    """Tests that were passed."""

    kind = Always("tests")
    min_count = Whole(1)
    tests = Many(Key())
    stage = Key(optional=True, nullable=True)


class ReflectionsEntry(Block):
    """Reflections that were written."""

    kind = Always("reflections")
    min_count = Whole(1)
    stage = Key(optional=True, nullable=True)


class DeclarationEntry(Block):
    """A declaration on an EPA."""

    kind = Always("declaration")
    epa = Key()
    min_level = Key(optional=True)
    scope = MapOf(Many(Key(), least=1), optional=True)
    stage = Key(optional=True, nullable=True)


class DiplomaEntry(Block):
    """A diploma from elsewhere."""

    kind = Always("external_diploma")
    stage = Key(optional=True, nullable=True)


class _Parts(Many):
    """The parts of a combined requirement."""

    def __init__(self) -> None:
        super().__init__(Entry(), least=1)
        self.validators = [*self.validators, _not_too_many]


def _not_too_many(parts: list[Any]) -> None:
    if len(parts) > MOST_PARTS:
        raise ValidationError(_("A combined requirement has at most %(most)s parts.", most=MOST_PARTS))


class AllOfEntry(Block):
    """All of these."""

    kind = Always("all_of")
    of = _Parts()
    stage = Key(optional=True, nullable=True)


class AnyOfEntry(Block):
    """One of these."""

    kind = Always("any_of")
    of = _Parts()
    stage = Key(optional=True, nullable=True)


class SomeOfEntry(Block):
    """A number of these."""

    kind = Always("n_of")
    n = Whole(1)
    of = _Parts()
    stage = Key(optional=True, nullable=True)

    @validates_schema
    def _has_so_many(self, data: dict[str, Any], **_kwargs: Any) -> None:
        if data.get("n", 0) > len(data.get("of", ())):
            raise ValidationError(_("There are fewer requirements than must be met."), "n")


ENTRIES: Mapping[str, type[Schema]] = {
    OBSERVATIONS: ObservationsEntry,
    "hours": HoursEntry,
    "placement": PlacementEntry,
    "sessions": SessionsEntry,
    "products": ProductsEntry,
    "tests": TestsEntry,
    "reflections": ReflectionsEntry,
    "declaration": DeclarationEntry,
    "external_diploma": DiplomaEntry,
    "all_of": AllOfEntry,
    "any_of": AnyOfEntry,
    "n_of": SomeOfEntry,
}
"""What a requirement of each kind holds."""


def schema_of(entry: Any) -> type[Schema]:
    """Return what a requirement holds by the kind that it says to be; of an unknown kind it is on observations."""
    kind = entry.get("kind") if isinstance(entry, dict) else None
    return ENTRIES.get(kind or OBSERVATIONS, ObservationsEntry) if isinstance(kind, str | None) else ObservationsEntry
