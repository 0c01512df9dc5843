"""What the scope of an EPA must hold together: options that are there, rules that can be followed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from lms.core.words import _
from lms.curriculum.schemas.known import Finding, Missing, unless_all_known, unless_known
from lms.curriculum.schemas.problems import Path
from lms.curriculum.schemas.surroundings import Surroundings


def scope_findings(groups: list[dict[str, Any]], around: Surroundings, path: Path) -> Iterator[Finding]:
    """Yield what is wrong with the groups of options of an EPA."""
    for number, group in enumerate(groups):
        options = {option["key"] for option in group["options"]}
        elsewhere = {rule["if_selected"] for rule in group["rules"] if "then_belongs_to" in rule}
        if group["choose_min"] > len(options - elsewhere):
            yield (*path, number, "choose_min"), _("There are fewer options than must be chosen.")
        for place, rule in enumerate(group["rules"]):
            yield from _rule_findings(rule, options, elsewhere, around, (*path, number, "rules", place))


def _rule_findings(
    rule: dict[str, Any], options: set[str], elsewhere: set[str], around: Surroundings, path: Path
) -> Iterator[Finding]:
    attributes, required = around.known.terms["site_attributes"], rule.get("then_requires", [])
    yield from unless_known(Missing.OPTION, rule["if_selected"], options, (*path, "if_selected"))
    yield from unless_all_known(Missing.OPTION, required, options, (*path, "then_requires"))
    yield from unless_known(Missing.SITE_ATTRIBUTE, rule.get("then_site_needs"), attributes, (*path, "then_site_needs"))
    if rule.get("then_min_total", 0) > len(options - elsewhere):
        yield (*path, "then_min_total"), _("There are fewer options than must be chosen.")
    for number, key in enumerate(required):
        if key in elsewhere:
            yield (*path, "then_requires", number), _("The option %(key)s belongs to another EPA.", key=key)
    if "then_belongs_to" in rule:
        yield from _belonging_findings(rule["then_belongs_to"], around, (*path, "then_belongs_to"))


def _belonging_findings(other: dict[str, str], around: Surroundings, path: Path) -> Iterator[Finding]:
    """Yield what is wrong with the EPA that an option belongs to: of this file, or of a programme that is loaded."""
    if "programme" not in other:
        yield from unless_known(Missing.EPA, other["epa"], around.epas, (*path, "epa"))
    elif (other["programme"], other["epa"]) not in around.known.epas:
        message = _("The programme %(programme)s has no EPA %(epa)s.", programme=other["programme"], epa=other["epa"])
        yield (*path, "epa"), message
