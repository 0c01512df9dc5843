"""The scope of an EPA: the options that a declaration covers and the rules on choosing them."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from uuid import UUID

from competencies.errors import RuleBroken


@dataclass(frozen=True, slots=True)
class ScopeOption:
    """One thing that a declaration can cover."""

    key: str
    title: Mapping[str, str] = field(compare=False)


@dataclass(frozen=True, slots=True)
class OtherEpa:
    """An EPA that an option belongs to instead; a null programme is that of the EPA itself, null words are unknown."""

    programme: str | None
    key: str
    id: UUID | None = field(default=None, compare=False)
    title: Mapping[str, str] | None = field(default=None, compare=False)

    @property
    def words(self) -> Mapping[str, str] | str:
        """Return its title, or its key where the title is not known."""
        return self.title or self.key


@dataclass(frozen=True, slots=True, kw_only=True)
class ScopeRule:
    """What choosing `if_selected` asks: a total in the group, other options, or an attribute of the site.

    Or nothing of the kind: the option belongs to another EPA and cannot be chosen here.
    """

    if_selected: str
    then_min_total: int | None = None
    then_requires: tuple[str, ...] = ()
    then_site_needs: str | None = None
    then_belongs_to: OtherEpa | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ScopeGroup:
    """Options of which a declaration takes at least `choose_min` and at most `choose_max` (null: no limit)."""

    key: str
    title: Mapping[str, str] = field(compare=False)
    choose_min: int
    choose_max: int | None
    options: tuple[ScopeOption, ...]
    rules: tuple[ScopeRule, ...] = ()


def check_scope(
    groups: Iterable[ScopeGroup], chosen: Mapping[str, Collection[str]], *, site_attributes: Collection[str] = ()
) -> None:
    """Accept the options chosen per group, or raise RuleBroken with the first scope rule that they break.

    Facts name groups and options by their titles, as the reader knows them; what is unknown has only a key.
    """
    by_key = {group.key: group for group in groups}
    for key in chosen:
        if key not in by_key:
            raise RuleBroken("scope_unknown_group", group=key)
    for key, group in by_key.items():
        _check_group(group, frozenset(chosen.get(key, ())), site_attributes)


def _check_group(group: ScopeGroup, chosen: frozenset[str], site_attributes: Collection[str]) -> None:
    """Accept the choice within one group, or raise."""
    unknown = sorted(chosen - {option.key for option in group.options})
    if unknown:
        raise RuleBroken("scope_unknown_option", group=group.title, option=unknown[0])
    _refuse_elsewhere(group, chosen)
    if len(chosen) < group.choose_min:
        raise RuleBroken("scope_too_few", group=group.title, minimum=group.choose_min, chosen=len(chosen))
    if group.choose_max is not None and len(chosen) > group.choose_max:
        raise RuleBroken("scope_too_many", group=group.title, maximum=group.choose_max, chosen=len(chosen))
    for rule in group.rules:
        if rule.if_selected in chosen:
            _check_rule(group, rule, chosen, site_attributes)


def _refuse_elsewhere(group: ScopeGroup, chosen: frozenset[str]) -> None:
    """Raise for an option that belongs to another EPA, and name that EPA."""
    titles = {option.key: option.title for option in group.options}
    for rule in group.rules:
        if rule.then_belongs_to is not None and rule.if_selected in chosen:
            facts = {"group": group.title, "option": titles[rule.if_selected]}
            raise RuleBroken("scope_option_elsewhere", **facts, epa=rule.then_belongs_to.words)


def _check_rule(group: ScopeGroup, rule: ScopeRule, chosen: frozenset[str], site_attributes: Collection[str]) -> None:
    """Accept the choice under a rule that applies to it, or raise."""
    titles = {option.key: option.title for option in group.options}
    facts = {"group": group.title, "option": titles[rule.if_selected]}
    if rule.then_min_total is not None and len(chosen) < rule.then_min_total:
        raise RuleBroken("scope_total_too_low", **facts, minimum=rule.then_min_total, chosen=len(chosen))
    lacking = [option for option in rule.then_requires if option not in chosen]
    if lacking:
        raise RuleBroken("scope_option_requires", **facts, required=titles.get(lacking[0], lacking[0]))
    if rule.then_site_needs is not None and rule.then_site_needs not in site_attributes:
        raise RuleBroken("scope_site_lacks", **facts, attribute=rule.then_site_needs)
