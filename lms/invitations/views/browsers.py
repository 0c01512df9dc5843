"""The mark that a browser gets with a link: signed, for that link alone, and stored nowhere but in the browser."""

from __future__ import annotations

import hashlib
import hmac
import os

from lms.invitations.models import Invitation
from lms.invitations.tokens import NONCE, Purpose
from lms.invitations.values import named
from lms.invitations.views.blueprint import tokens


def new_mark(invitation: Invitation) -> str:
    """Return a mark for a browser that has none yet."""
    return tokens().make(Purpose.BROWSER, named(invitation), os.urandom(NONCE))


def mark_of(invitation: Invitation, sent: str | None) -> str | None:
    """Return the mark that a browser sent, where we made it for this link."""
    return sent if sent and tokens().read(Purpose.BROWSER, sent) == named(invitation) else None


def is_bound_to(invitation: Invitation, mark: str | None) -> bool:
    """Return whether the link was first used by the browser with that mark."""
    if mark is None or invitation.browser_hash is None:
        return False
    return hmac.compare_digest(hashlib.sha256(mark.encode()).digest(), invitation.browser_hash)
