"""Requirements beside observations in the reader's words: hours, placements, sessions, pieces and declarations."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from flask_babel import format_decimal

from competencies.attainments import AttainmentKind, HoursOf
from competencies.progress import (
    DeclarationProgress,
    HoursProgress,
    Obstacle,
    PiecesProgress,
    PlacementProgress,
    SessionsProgress,
)
from competencies.requirements import (
    DeclarationRequirement,
    HoursRequirement,
    PiecesRequirement,
    PlacementRequirement,
    SessionsRequirement,
)
from lms.core.words import _, _l, ngettext
from lms.curriculum.needs.named import Named


def number_words(number: Decimal | int) -> str:
    """Return a number in the reader's language, with no more decimals than it has."""
    return str(format_decimal(number, "#,##0.##"))


def days_words(number: Decimal) -> str:
    """Return so many days, whole or not."""
    return ngettext("%(days)s day", "%(days)s days", 1 if number == 1 else 2, days=number_words(number))


def listed(texts: Iterable[str]) -> str:
    """Return texts as one list: a, b, c."""
    return ", ".join(texts)


def hours_words(of: HoursOf, hours: Decimal | int) -> str:
    """Return so many hours of a kind, as one phrase."""
    number = number_words(hours)
    match of:
        case HoursOf.PRACTICE:
            return _("%(hours)s hours of practice", hours=number)
        case HoursOf.THEORY:
            return _("%(hours)s hours of theory", hours=number)
        case HoursOf.SELF_STUDY:
            return _("%(hours)s hours of self-study", hours=number)


def asked_hours(requirement: HoursRequirement) -> str:
    """Return the hours that are asked."""
    asked = hours_words(requirement.of, requirement.min_hours)
    there = requirement.min_in_one_organisation
    return _("%(asked)s, of which %(there)s at one organisation", asked=asked, there=there) if there else asked


def needed_hours(item: HoursProgress) -> str:
    """Return the hours that lack, and how many of them at the organisation with most hours."""
    step = item.next_step
    if step is None:
        return ""
    needed = hours_words(item.requirement.of, step.hours)
    there = number_words(step.in_one_organisation)
    if not step.in_one_organisation:
        return needed
    return _("%(needed)s, of which %(there)s at the organisation with most hours", needed=needed, there=there)


def asked_placement(requirement: PlacementRequirement, named: Named) -> str:
    """Return the placement that is asked, with its settings where there is a choice of them."""
    title = named.title("placement", requirement.placement)
    planned = named.plan.placement(requirement.placement)
    if planned is None or len(planned.settings) < 2:
        return title
    least = planned.min_settings if requirement.min_settings is None else requirement.min_settings
    settings = listed(named.title("setting", planned.key, key) for key in planned.settings)
    if least >= len(planned.settings):
        return _("%(placement)s in all settings: %(settings)s", placement=title, settings=settings)
    return ngettext(
        "%(placement)s in one of these settings: %(settings)s",
        "%(placement)s in %(num)s of these settings: %(settings)s",
        least,
        placement=title,
        settings=settings,
    )


def needed_placement(item: PlacementProgress, named: Named) -> str:
    """Return the settings that lack, or how many placements more."""
    step = item.next_step
    if step is None:
        return ""
    title = named.title("placement", item.requirement.placement)
    if not step.settings:
        return ngettext(
            "one placement more: %(what)s", "%(num)s placements more: %(what)s", step.placements, what=title
        )
    settings = listed(named.title("setting", item.requirement.placement, key) for key in step.open)
    if step.settings >= len(step.open):
        return _("%(placement)s: %(settings)s", placement=title, settings=settings)
    return ngettext(
        "%(placement)s: one of %(settings)s",
        "%(placement)s: %(num)s of %(settings)s",
        step.settings,
        placement=title,
        settings=settings,
    )


def module_words(modules: Iterable[str], named: Named) -> str:
    """Return the titles of modules as one list; the empty text for none."""
    return listed(named.title("module", key) for key in modules)


def asked_sessions(requirement: SessionsRequirement, named: Named) -> str:
    """Return the attendance that is asked."""
    modules = module_words(requirement.modules, named)
    if requirement.min_count is not None:
        asked = ngettext("%(num)s session attended", "%(num)s sessions attended", requirement.min_count)
    else:
        asked = _("%(percent)s%% of the days attended", percent=requirement.min_percent)
    return _("%(asked)s of: %(modules)s", asked=asked, modules=modules) if modules else asked


def needed_sessions(item: SessionsProgress) -> str:
    """Return the attendance that lacks."""
    if item.requirement.min_count is not None:
        return ngettext("one session more", "%(num)s sessions more", int(item.missing))
    return _("%(days)s days of attendance more", days=number_words(item.missing))


def asked_pieces(requirement: PiecesRequirement, named: Named) -> str:
    """Return the products, tests or diploma that are asked."""
    counted = pieces_words(requirement.kind, requirement.min_count)
    if not requirement.keys:
        return counted
    names = listed(named.title("piece", key) for key in requirement.keys)
    return _("%(counted)s: %(names)s", counted=counted, names=names)


def pieces_words(kind: AttainmentKind, number: int) -> str:
    """Return so many pieces of a kind."""
    match kind:
        case AttainmentKind.TEST:
            return ngettext("%(num)s test passed", "%(num)s tests passed", number)
        case AttainmentKind.EXTERNAL_DIPLOMA:
            return _("the diploma of the school")
        case _:
            return ngettext("%(num)s product accepted", "%(num)s products accepted", number)


def needed_pieces(item: PiecesProgress, named: Named) -> str:
    """Return the pieces that lack, by name where the requirement names them."""
    counted = pieces_words(item.requirement.kind, item.missing)
    if not item.open:
        return counted
    return _("%(counted)s: %(names)s", counted=counted, names=listed(named.title("piece", key) for key in item.open))


def asked_declaration(requirement: DeclarationRequirement, named: Named) -> str:
    """Return the declaration that is asked."""
    title = named.title("epa", requirement.epa)
    if requirement.minimum is None:
        return _("declared competent on %(epa)s", epa=title)
    return _("declared competent on %(epa)s at level %(level)s or higher", epa=title, level=requirement.minimum)


def needed_declaration(item: DeclarationProgress, named: Named) -> str:
    """Return the declaration that lacks, with what stands in the way."""
    title = named.title("epa", item.requirement.epa)
    return obstacle_words(item.standing.obstacle, title) if item.standing.obstacle else ""


def obstacle_words(obstacle: Obstacle, epa: str) -> str:
    """Return what has to happen on an EPA, as one phrase."""
    return str(_TO_DO.get(obstacle, _TO_DO[Obstacle.REQUIREMENTS_UNMET])) % {"epa": epa}


_TO_DO = {
    Obstacle.NOT_DECLARED: _l("a declaration on %(epa)s"),
    Obstacle.NOT_BEGUN: _l("waiting until the declaration on %(epa)s begins"),
    Obstacle.EXPIRED: _l("a new declaration on %(epa)s, because the last one has expired"),
    Obstacle.SUSPENDED: _l("an end to the suspension of the declaration on %(epa)s"),
    Obstacle.OTHER_SCALE: _l("a declaration on %(epa)s on the scale of the programme"),
    Obstacle.BELOW_LEVEL: _l("a declaration on %(epa)s at a higher level"),
    Obstacle.OTHER_SCOPE: _l("a declaration on %(epa)s that covers what is asked"),
    Obstacle.REQUIREMENTS_UNMET: _l("the requirements of %(epa)s"),
}
"""What takes an obstacle away."""
