"""What changes drafts: start, write, review, publish and discard them."""

from lms.authoring.actions.drafts import discard_draft, replace_content, start_draft
from lms.authoring.actions.parts import (
    add_part,
    duplicate_part,
    keep_text,
    move_part,
    remove_part,
    restore_text,
    save_part,
)
from lms.authoring.actions.publishing import publish_draft
from lms.authoring.actions.reviews import review_draft, seal_of, submit_draft

__all__ = [
    "add_part",
    "discard_draft",
    "duplicate_part",
    "keep_text",
    "move_part",
    "publish_draft",
    "remove_part",
    "replace_content",
    "restore_text",
    "review_draft",
    "save_part",
    "seal_of",
    "start_draft",
    "submit_draft",
]
