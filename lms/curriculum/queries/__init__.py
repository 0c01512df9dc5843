"""Reading programmes, EPAs, scales and words; everything comes in bulk, with what its readers need loaded."""

from lms.curriculum.queries.documents import document_of, scales_document, vocabulary_document
from lms.curriculum.queries.epas import (
    WITH_EVIDENCE,
    epa_in_full,
    epas_by_id,
    epas_in_short,
    epas_of_version,
    epas_of_versions,
    scope_of,
)
from lms.curriculum.queries.frameworks import competency, epas_with_competency
from lms.curriculum.queries.known import known
from lms.curriculum.queries.plans import Asked, asked_by, plan_in_words
from lms.curriculum.queries.programmes import (
    ProgrammeInList,
    forms_of_version,
    latest_version_of,
    programme_version,
    programmes,
    programmes_in_list,
)
from lms.curriculum.queries.shared import (
    Vocabulary,
    instruments,
    latest_scale,
    latest_scales,
    scales_by_id,
    vocabulary,
)

__all__ = [
    "WITH_EVIDENCE",
    "Asked",
    "ProgrammeInList",
    "Vocabulary",
    "asked_by",
    "competency",
    "document_of",
    "epa_in_full",
    "epas_by_id",
    "epas_in_short",
    "epas_of_version",
    "epas_of_versions",
    "epas_with_competency",
    "forms_of_version",
    "instruments",
    "known",
    "latest_scale",
    "latest_scales",
    "latest_version_of",
    "plan_in_words",
    "programme_version",
    "programmes",
    "programmes_in_list",
    "scales_by_id",
    "scales_document",
    "scope_of",
    "vocabulary",
    "vocabulary_document",
]
