"""Reading programmes, EPAs, scales and words; everything comes in bulk, with what its readers need loaded."""

from lms.curriculum.queries.contexts import Contexts, contexts_of
from lms.curriculum.queries.documents import document_of
from lms.curriculum.queries.editions import Edition
from lms.curriculum.queries.epa_page import EpaOnPage, epa_on_page
from lms.curriculum.queries.epas import (
    WITH_EVIDENCE,
    epas_by_id,
    epas_in_short,
    epas_of_version,
    epas_of_versions,
    scope_of,
)
from lms.curriculum.queries.frameworks import (
    company_of,
    competency,
    epas_with_competency,
    frameworks_in_list,
    one_framework,
    uses_of,
)
from lms.curriculum.queries.known import Loaded, known, loaded
from lms.curriculum.queries.lifecycle import VersionLife, life_of, lives_of, versions_of
from lms.curriculum.queries.planned import named_in, planned
from lms.curriculum.queries.plans import Asked, asked_by, plan_in_words
from lms.curriculum.queries.programmes import (
    ProgrammeInList,
    forms_of_version,
    latest_version_of,
    programmes,
    programmes_in_list,
)
from lms.curriculum.queries.scales import scale_in_use, scales_in_list
from lms.curriculum.queries.shared import (
    Vocabulary,
    instrument_forms,
    instruments,
    latest_form,
    latest_scale,
    latest_scales,
    scale_values,
    scales_by_id,
    vocabulary,
)
from lms.curriculum.queries.shared_documents import scales_document, vocabulary_document
from lms.curriculum.queries.whole import WholeProgramme, fill_epas, whole_programme

__all__ = [
    "WITH_EVIDENCE",
    "Asked",
    "Contexts",
    "Edition",
    "EpaOnPage",
    "Loaded",
    "ProgrammeInList",
    "VersionLife",
    "Vocabulary",
    "WholeProgramme",
    "asked_by",
    "company_of",
    "competency",
    "contexts_of",
    "document_of",
    "epa_on_page",
    "epas_by_id",
    "epas_in_short",
    "epas_of_version",
    "epas_of_versions",
    "epas_with_competency",
    "fill_epas",
    "forms_of_version",
    "frameworks_in_list",
    "instrument_forms",
    "instruments",
    "known",
    "latest_form",
    "latest_scale",
    "latest_scales",
    "latest_version_of",
    "life_of",
    "lives_of",
    "loaded",
    "named_in",
    "one_framework",
    "plan_in_words",
    "planned",
    "programmes",
    "programmes_in_list",
    "scale_in_use",
    "scale_values",
    "scales_by_id",
    "scales_document",
    "scales_in_list",
    "scope_of",
    "uses_of",
    "versions_of",
    "vocabulary",
    "vocabulary_document",
    "whole_programme",
]
