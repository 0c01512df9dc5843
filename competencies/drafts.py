"""Drafts of programmes: the steps from the first line to a published version, and who may review."""

from collections.abc import Hashable, Iterable
from enum import StrEnum

from competencies.errors import RuleBroken


class DraftState(StrEnum):
    """How far a draft is; a published or discarded one never changes again."""

    DRAFT = "draft"
    IN_REVIEW = "in_review"
    APPROVED = "approved"
    PUBLISHED = "published"
    DISCARDED = "discarded"

    @property
    def is_open(self) -> bool:
        """Return whether its texts can still change."""
        return self in {DraftState.DRAFT, DraftState.IN_REVIEW, DraftState.APPROVED}


class DraftStep(StrEnum):
    """What people do with a draft as a whole; every change of a text is an edit."""

    EDIT = "edit"
    SUBMIT = "submit"
    APPROVE = "approve"
    SEND_BACK = "send_back"
    PUBLISH = "publish"
    DISCARD = "discard"


class Verdict(StrEnum):
    """What a reviewer says of a draft."""

    APPROVED = "approved"
    SENT_BACK = "sent_back"


class EditKind(StrEnum):
    """What became of a text that somebody sent: stored, kept beside a newer one, or taken out with its part."""

    SAVED = "saved"
    CONFLICTING = "conflicting"
    REMOVED = "removed"


_STEPS = {
    (DraftState.DRAFT, DraftStep.SUBMIT): DraftState.IN_REVIEW,
    (DraftState.IN_REVIEW, DraftStep.APPROVE): DraftState.APPROVED,
    (DraftState.APPROVED, DraftStep.APPROVE): DraftState.APPROVED,
    (DraftState.IN_REVIEW, DraftStep.SEND_BACK): DraftState.DRAFT,
    (DraftState.APPROVED, DraftStep.SEND_BACK): DraftState.DRAFT,
    (DraftState.APPROVED, DraftStep.PUBLISH): DraftState.PUBLISHED,
    **{(state, DraftStep.EDIT): DraftState.DRAFT for state in DraftState if state.is_open},
    **{(state, DraftStep.DISCARD): DraftState.DISCARDED for state in DraftState if state.is_open},
}


def after(state: DraftState, step: DraftStep) -> DraftState:
    """Return the state of a draft after a step; an edit takes it back from review, so that an approval is void.

    Raises RuleBroken("draft_step") for a step that this state does not know.
    """
    try:
        return _STEPS[state, step]
    except KeyError:
        raise RuleBroken("draft_step", was=state, step=step) from None


def barred_from_review(writers: Iterable[Hashable], submitter: Hashable | None) -> frozenset[Hashable]:
    """Return who is no second pair of eyes: everybody who wrote since the last approval, and who asked for the review.

    Writing is every change of a draft: of a text, and of which parts there are and in what order.
    """
    return frozenset(writers) | ({submitter} if submitter is not None else frozenset())


def check_reviewer(reviewer: Hashable, *, writers: Iterable[Hashable], submitter: Hashable | None) -> None:
    """Accept a reviewer who neither wrote nor asked for the review; else RuleBroken("draft_four_eyes")."""
    if reviewer in barred_from_review(writers, submitter):
        raise RuleBroken("draft_four_eyes")
