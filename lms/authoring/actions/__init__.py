"""What changes drafts: start, write, review, publish and discard them."""

from lms.authoring.actions.drafts import discard_draft, replace_content, start_draft

__all__ = [
    "discard_draft",
    "replace_content",
    "start_draft",
]
