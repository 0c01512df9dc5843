"""The names that CASE 1.1 gives to what a package holds, and the order in which we write them."""

from __future__ import annotations

from competencies.packages import NodeKind

DOCUMENT = "CFDocument"
DEFINITIONS = "CFDefinitions"

LISTS: dict[str, NodeKind] = {
    "CFItems": NodeKind.ITEM,
    "CFAssociations": NodeKind.ASSOCIATION,
    "CFRubrics": NodeKind.RUBRIC,
}
"""The lists of a package that hold nodes."""

DEFINITION_LISTS: dict[str, NodeKind] = {
    "CFConcepts": NodeKind.CONCEPT,
    "CFSubjects": NodeKind.SUBJECT,
    "CFLicenses": NodeKind.LICENCE,
    "CFItemTypes": NodeKind.ITEM_TYPE,
    "CFAssociationGroupings": NodeKind.GROUPING,
}
"""The lists of its definitions that hold nodes."""

ALL_LISTS = LISTS | DEFINITION_LISTS
LIST_OF = {kind: name for name, kind in ALL_LISTS.items()}

REQUIRED: dict[str, tuple[str, ...]] = {
    "CFDocument": ("uri", "creator", "title", "lastChangeDateTime"),
    "CFItems": ("uri", "fullStatement", "lastChangeDateTime"),
    "CFAssociations": ("uri", "associationType", "originNodeURI", "destinationNodeURI", "lastChangeDateTime"),
    "CFRubrics": ("uri", "lastChangeDateTime"),
    "CFConcepts": ("uri", "title", "hierarchyCode", "lastChangeDateTime"),
    "CFSubjects": ("uri", "title", "hierarchyCode", "lastChangeDateTime"),
    "CFLicenses": ("uri", "title", "licenseText", "lastChangeDateTime"),
    "CFItemTypes": ("uri", "title", "description", "hierarchyCode", "lastChangeDateTime"),
    "CFAssociationGroupings": ("uri", "title", "lastChangeDateTime"),
}
"""What the standard asks of each, besides an identifier; a package that lacks it is taken all the same, and told so."""

_ORDER = (
    *("CFDocument", "CFItems", "CFAssociations", "CFDefinitions", "CFRubrics"),
    *("CFConcepts", "CFSubjects", "CFLicenses", "CFItemTypes", "CFAssociationGroupings"),
    *("identifier", "uri", "title", "creator", "caseVersion", "frameworkType", "publisher", "version"),
    *("officialSourceURL", "CFPackageURI", "CFDocumentURI"),
    *("humanCodingScheme", "listEnumeration", "fullStatement", "abbreviatedStatement", "alternativeLabel"),
    *("CFItemType", "CFItemTypeURI", "associationType", "sequenceNumber", "originNodeURI", "destinationNodeURI"),
    *("CFAssociationGroupingURI", "targetType", "conceptKeywords", "conceptKeywordsURI", "subject", "subjectURI"),
    *("educationLevel", "language", "adoptionStatus", "statusStartDate", "statusEndDate", "licenseURI", "licenseText"),
    *("description", "keywords", "typeCode", "hierarchyCode", "category", "CFItemURI", "weight", "quality", "score"),
    *("feedback", "position", "rubricId", "rubricCriterionId", "notes", "lastChangeDateTime"),
    *("CFRubricCriteria", "CFRubricCriterionLevels"),
)
RANKS = {name: rank for rank, name in enumerate(_ORDER)}
LAST = {"extensions": len(_ORDER) + 1}


def place_of(key: str) -> tuple[int, str]:
    """Return what keys are sorted by: the known ones in our order, then unknown ones by name, extensions last."""
    return RANKS.get(key, LAST.get(key, len(_ORDER))), key
