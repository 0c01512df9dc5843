"""What the cohort block of a programme file must hold together."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from lms.curriculum.schemas.known import Finding, Missing, missing_text, unless_all_known, unless_known
from lms.curriculum.schemas.problems import Path
from lms.curriculum.schemas.surroundings import Surroundings


def cohort_findings(cohort: dict[str, Any], around: Surroundings, path: Path) -> Iterator[Finding]:
    """Yield what is wrong with the plan of a cohort programme."""
    terms = around.known.terms
    rounds, assignment = cohort["msf_rounds"], cohort["assignment"]
    yield from unless_known(
        Missing.ORGANISATION_KIND,
        cohort["organisations"]["kind"],
        terms["organisation_kinds"],
        (*path, "organisations", "kind"),
    )
    for number, part in enumerate(cohort["parts"]):
        yield from unless_known(
            Missing.AUDIENCE, part["audience"], terms["audiences"], (*path, "parts", number, "audience")
        )
    yield from unless_known(
        Missing.PAIRING, cohort["mentoring"]["pairing"], terms["mentor_pairings"], (*path, "mentoring", "pairing")
    )
    yield from unless_known(Missing.FORM, rounds["form"], around.forms, (*path, "msf_rounds", "form"))
    yield from unless_all_known(Missing.STAGE, rounds["moments"], around.stages, (*path, "msf_rounds", "moments"))
    yield from unless_known(
        Missing.ASSIGNMENT_KIND, assignment["kind"], terms["assignment_kinds"], (*path, "assignment", "kind")
    )
    if around.known.newest_scale(assignment["progress_scale"]) is None:
        yield (*path, "assignment", "progress_scale"), missing_text(Missing.SCALE, assignment["progress_scale"])
    for number, deliverable in enumerate(cohort["deliverables"]):
        for key in deliverable["conditions"]:
            yield from unless_known(
                Missing.CONDITION,
                key,
                terms["evidence_conditions"],
                (*path, "deliverables", number, "conditions", key),
            )
