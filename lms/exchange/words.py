"""What people call the things in a preview: the nodes of a package and the parts of a programme."""

from __future__ import annotations

from competencies.packages import NodeKind
from lms.core.words import _l, label
from lms.exchange.comparing import DOCUMENT

PARTS: dict[str, object] = {
    "schema": _l("Kind of file"),
    "programme": _l("Programme"),
    "entry_requirements": _l("Entry requirement"),
    "exemptions": _l("Exemption"),
    "stages": _l("Stage"),
    "phases": _l("Phase"),
    "placements": _l("Placement"),
    "contexts": _l("Patient group, complexity or setting"),
    "completion": _l("Completion"),
    "epas": _l("EPA"),
    "epa_refs": _l("EPA of another programme"),
    "modules": _l("Module"),
    "learning_activities": _l("Learning activity"),
    "cohort": _l("Cohort"),
    "forms": _l("Form"),
    "frameworks": _l("Framework"),
    "crosswalk": _l("Crosswalk"),
    "sources": _l("Sources"),
}
"""The parts of a programme, by their key in the file; a test finds the missing one."""


SHARED: dict[str, object] = {
    "activity_kinds": _l("Kind of activity"),
    "assignment_kinds": _l("Kind of assignment"),
    "audiences": _l("Audience"),
    "competency_framework": _l("Framework of competencies"),
    "completion_rules": _l("Rule of completion"),
    "epa_types": _l("Type of EPA"),
    "evidence_conditions": _l("Condition of evidence"),
    "functions": _l("Function"),
    "instruments": _l("Kind of assessment"),
    "leadership_levels": _l("Leadership level"),
    "mentor_pairings": _l("Pairing with a mentor"),
    "organisation_kinds": _l("Kind of organisation"),
    "phase_conditions": _l("Condition of a phase"),
    "programme_kinds": _l("Kind of programme"),
    "provenance": _l("Provenance"),
    "reserved_actions": _l("Reserved action"),
    "scales": _l("Scale"),
    "session_formats": _l("Form of work"),
    "site_attributes": _l("Attribute of a site"),
    "vocabulary": _l("Vocabulary"),
}
"""The lists of the scales and the vocabulary, by their key in the file; a test finds the missing one."""


ASSOCIATIONS: dict[str, object] = {
    "exactMatchOf": _l("Is the same as"),
    "exemplar": _l("Is an example of"),
    "hasSkillLevel": _l("Has the level"),
    "isPartOf": _l("Is part of"),
    "isPeerOf": _l("Stands beside"),
    "isRelatedTo": _l("Is related to"),
    "isTranslationOf": _l("Is a translation of"),
    "precedes": _l("Comes before"),
    "replacedBy": _l("Is replaced by"),
}
"""The kinds of association that the standard knows."""


def association(kind: str) -> str:
    """Return what people call a kind of association; of one that the standard does not know the word itself."""
    return str(ASSOCIATIONS.get(kind, kind))


def thing(kind: str) -> str:
    """Return what people call a kind of thing in a preview; of an unknown part the key."""
    if kind == DOCUMENT:
        return str(_l("Document"))
    if kind in set(NodeKind):
        return label(NodeKind(kind))
    return str(PARTS.get(kind) or SHARED.get(kind, kind))
