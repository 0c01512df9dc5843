"""Versions of a programme: what became of each EPA, and what a trainee takes along who moves from one to the next."""

from competencies.versions.attained import attained_behind, carried_attainments
from competencies.versions.carrying import CarriedEvidence, carried, once_an_act
from competencies.versions.mapping import (
    EpaMapping,
    EpaOfVersion,
    MappingKind,
    MappingLine,
    ScaleChange,
    check_mapping,
    check_move,
    mapping_from,
    scale_changes,
    suggested_mapping,
)
from competencies.versions.prospects import EpaProspect, LeftBehind, Outlook, gains_and_needs
from competencies.versions.recognition import Recognised, Recognition, Unrecognised, recognitions
from competencies.versions.reviving import revived

__all__ = [
    "CarriedEvidence",
    "EpaMapping",
    "EpaOfVersion",
    "EpaProspect",
    "LeftBehind",
    "MappingKind",
    "MappingLine",
    "Outlook",
    "Recognised",
    "Recognition",
    "ScaleChange",
    "Unrecognised",
    "attained_behind",
    "carried",
    "carried_attainments",
    "check_mapping",
    "check_move",
    "gains_and_needs",
    "mapping_from",
    "once_an_act",
    "recognitions",
    "revived",
    "scale_changes",
    "suggested_mapping",
]
