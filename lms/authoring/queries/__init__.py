"""What is asked about drafts, and about what they can refer to."""

from lms.authoring.queries.drafts import (
    drafts_seen,
    history_of,
    last_text_of,
    one_draft,
    one_edit,
    part_in,
    reviews_of,
    text_at,
    used_elsewhere,
    visible_to,
)
from lms.authoring.queries.owners import Owner, keys_taken, owner_of_programme, owner_with, owners, places_of
from lms.authoring.queries.reviewers import reviewers_of
from lms.authoring.queries.surroundings import around

__all__ = [
    "Owner",
    "around",
    "drafts_seen",
    "history_of",
    "keys_taken",
    "last_text_of",
    "one_draft",
    "one_edit",
    "owner_of_programme",
    "owner_with",
    "owners",
    "part_in",
    "places_of",
    "reviewers_of",
    "reviews_of",
    "text_at",
    "used_elsewhere",
    "visible_to",
]
