"""What is mailed about invitations: who asks and a link, and never a level, a comment or a patient."""

from __future__ import annotations

from sqlalchemy.orm import Session

from lms.accounts.models import User
from lms.assessments.models import Assessment
from lms.core.addresses import lasting_address
from lms.core.mail import post
from lms.core.words import current_language
from lms.invitations.models import Invitation


def send_link(session: Session, invitation: Invitation, *, to: User, trainee: User, token: str) -> None:
    """Send somebody the link by which they can answer the trainee."""
    facts = {
        "name": to.name,
        "trainee": trainee.name,
        "days": (invitation.expires_at - invitation.made_at).days,
        "url": lasting_address("invitations.answer", token=token),
    }
    post(session, to=to.email, language=to.language or current_language(), template="invitation", facts=facts)


def send_receipt(session: Session, given: Assessment, *, to: User, token: str) -> None:
    """Tell somebody that an assessment was given in their name, with the link to say that it was not them."""
    facts = {
        "name": to.name,
        "trainee": given.trainee.name,
        "url": lasting_address("invitations.receipt", token=token),
    }
    post(session, to=to.email, language=to.language or current_language(), template="receipt", facts=facts)
