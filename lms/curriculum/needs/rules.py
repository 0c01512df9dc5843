"""The rules of a diploma in the reader's words."""

from __future__ import annotations

from competencies.completion import CompletionRule, EpasProgress, RuleKind, RuleProgress
from lms.core.words import _, _l, in_language, label, ngettext
from lms.curriculum.needs.named import Named
from lms.curriculum.needs.others import module_words

_SENTENCES = {
    RuleKind.CROSS_EPA_COMPLETED: _l("The cross-EPA learning activities are completed."),
    RuleKind.PLACEMENTS_COMPLETED: _l("The compulsory placements are completed."),
    RuleKind.DELIVERABLES_COMPLETED: _l("Everything that must be delivered is delivered."),
    RuleKind.EXTERNAL_DIPLOMA: _l("The school has given its diploma."),
    RuleKind.STUDY_LOAD_COMPLETED: _l("The hours of practice and theory of the study load are made."),
    RuleKind.REQUIREMENT: _l("This requirement is met."),
}


def rule_words(rule: CompletionRule, named: Named) -> str:
    """Return what a rule asks, as one sentence or two."""
    asked = [in_language(rule.title) or _asked(rule)]
    if rule.within_track:
        asked.append(_("Only EPAs of the trainee’s own track count."))
    if rule.at_stage:
        stage = in_language(named.stages.get(rule.at_stage)) or rule.at_stage
        asked.append(_("The level expected at “%(stage)s” is enough.", stage=stage))
    if rule.modules:
        asked.append(_("It is about: %(modules)s.", modules=module_words(rule.modules, named)))
    return " ".join(asked)


def _asked(rule: CompletionRule) -> str:
    kind = label(rule.type) if rule.type else ""
    match rule.kind:
        case RuleKind.ALL_EPAS_OF_TYPE:
            return _("Every EPA of the type “%(type)s” is declared.", type=kind)
        case RuleKind.MIN_EPAS_OF_TYPE:
            return ngettext(
                "At least %(num)s EPA of the type “%(type)s” is declared.",
                "At least %(num)s EPAs of the type “%(type)s” are declared.",
                rule.min_count or 0,
                type=kind,
            )
        case RuleKind.ATTENDANCE:
            return _("Attendance is at least %(percent)s%%.", percent=rule.min_percent)
        case other:
            return str(_SENTENCES[other])


def rule_needed_words(item: RuleProgress) -> str:
    """Return how many EPAs a rule still needs; the empty text when it is met or is not about EPAs."""
    if item.is_met or not isinstance(item, EpasProgress):
        return ""
    if item.missing >= len(item.open):
        return ngettext("one EPA more, namely this one", "%(num)s EPAs more, namely all of these", item.missing)
    return ngettext("one EPA more, of these", "%(num)s EPAs more, of these", item.missing)
