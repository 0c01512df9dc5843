"""Programmes as they were loaded: every version whole, with its stages, EPAs, requirements and frameworks."""

from lms.curriculum.models.epas import Epa, EpaCompetency, EpaDemand, EpaReference, RequiredLevel
from lms.curriculum.models.forms import AssessmentForm, InstrumentForm
from lms.curriculum.models.frameworks import CompetencyDomain, Framework
from lms.curriculum.models.in_full import IN_FULL
from lms.curriculum.models.lifecycle import ProgrammeOwner, Publication, Retirement
from lms.curriculum.models.programmes import Programme, ProgrammeVersion, Stage
from lms.curriculum.models.requirements import EpaRequirement
from lms.curriculum.models.scales import RatingScale, ScaleLevel
from lms.curriculum.models.vocabulary import AssessmentInstrument, CatalogueFile, ReservedAction, VocabularyTerm

__all__ = [
    "IN_FULL",
    "AssessmentForm",
    "AssessmentInstrument",
    "CatalogueFile",
    "CompetencyDomain",
    "Epa",
    "EpaCompetency",
    "EpaDemand",
    "EpaReference",
    "EpaRequirement",
    "Framework",
    "InstrumentForm",
    "Programme",
    "ProgrammeOwner",
    "ProgrammeVersion",
    "Publication",
    "RatingScale",
    "RequiredLevel",
    "ReservedAction",
    "Retirement",
    "ScaleLevel",
    "Stage",
    "VocabularyTerm",
]
