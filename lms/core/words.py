"""Words: the one place that translates, with the labels of everything that has a code."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum

from competencies.errors import RuleBroken
from flask_babel import get_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

__all__ = ["LABELS", "LANGUAGES", "RULES", "_", "_l", "current_language", "in_language", "label", "ngettext", "rule_text"]

LANGUAGES = ("nl", "en")

LABELS: dict[str, dict[str, object]] = {
    "Role": {
        "trainee": _l("Trainee"),
        "trainer": _l("Trainer"),
        "programme_lead": _l("Programme lead"),
        "committee_member": _l("Committee member"),
        "organisation_administrator": _l("Organisation administrator"),
        "regional_coordinator": _l("Regional coordinator"),
        "auditor": _l("Auditor"),
    },
    "OrganisationKind": {
        "hospital": _l("Hospital"),
        "ambulance_service": _l("Ambulance service"),
        "training_institute": _l("Training institute"),
    },
    "EndReason": {
        "completed": _l("Completed"),
        "dropped_out": _l("Left the programme"),
        "transferred": _l("Transferred"),
    },
    "ActivityKind": {
        "patient_contact": _l("Patient contact"),
        "procedure": _l("Procedure"),
        "simulation": _l("Simulation"),
        "case_discussion": _l("Case discussion"),
        "course": _l("Course"),
        "project": _l("Project"),
        "shift": _l("Shift"),
        "reflection": _l("Reflection"),
        "feedback_round": _l("360 feedback round"),
    },
    "AssessmentStatus": {
        "requested": _l("Waiting"),
        "submitted": _l("Given"),
        "declined": _l("Declined"),
        "withdrawn": _l("Withdrawn"),
    },
    "Direction": {"retrospective": _l("Looking back"), "prospective": _l("Looking ahead")},
    "EpaType": {
        "basic": _l("Basic EPA"),
        "core": _l("Core EPA"),
        "specific": _l("Specific EPA"),
        "cross_epa": _l("Cross-EPA activity"),
    },
    "Provenance": {
        "sourced": _l("Sourced"),
        "adapted": _l("Adapted from a source"),
        "inferred": _l("Inferred"),
        "draft": _l("Draft"),
        "placeholder": _l("Text still unknown"),
    },
    "ProgrammeStatus": {"draft": _l("Draft"), "adopted": _l("Adopted"), "retired": _l("Retired")},
    "ProgrammeKind": {
        "epa_route": _l("EPA learning route"),
        "theme_track": _l("Theme track"),
        "cohort": _l("Cohort programme"),
        "work_learning": _l("Work-learning programme"),
    },
    "ResultKind": {
        "level": _l("A level"),
        "pass_fail": _l("Passed or not"),
        "narrative": _l("Feedback in words"),
        "count": _l("A confirmed number"),
        "conditions": _l("Conditions that are met"),
    },
    "DecisionState": {
        "in_force": _l("In force"),
        "expired": _l("Expired"),
        "superseded": _l("Superseded"),
        "upcoming": _l("Not yet in force"),
    },
}
"""The words of every enum that a page shows, by the name of the enum and the value of its member."""

RULES: dict[str, object] = {}
"""What a broken rule says to a person, by its code; the facts of the rule fill the placeholders."""


def label(member: Enum) -> str:
    """Return the words for an enum member in the reader's language."""
    return str(LABELS[type(member).__name__][member.value])


def rule_text(broken: RuleBroken) -> str:
    """Return what a broken rule says to the reader, with its facts filled in."""
    facts = {name: label(fact) if isinstance(fact, Enum) else fact for name, fact in broken.facts.items()}
    return str(RULES[broken.code]) % facts


def current_language() -> str:
    """Return the language of this reader: nl or en."""
    locale = get_locale()
    return locale.language if locale is not None else LANGUAGES[0]


def in_language(words: Mapping[str, str] | None) -> str:
    """Return a text in the reader's language, else in the language it is known in; nothing gives an empty text."""
    if not words:
        return ""
    return words.get(current_language()) or next(iter(words.values()))
