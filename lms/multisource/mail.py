"""What is mailed about rounds: who asks and a link, and never what anybody said."""

from __future__ import annotations

from datetime import date

from sqlalchemy.orm import Session

from lms.accounts.models import User
from lms.core.addresses import lasting_address
from lms.core.mail import post
from lms.core.words import current_language
from lms.multisource.models import FeedbackRound


def send_link(session: Session, round_: FeedbackRound, *, to: User, token: str, reminder: bool, today: date) -> None:
    """Send somebody the link by which they can answer, for the first time or once more; needs the trainee."""
    facts = {
        "name": to.name,
        "trainee": round_.trainee.name,
        "days": (round_.closes_on - today).days + 1,
        "reminder": reminder,
        "url": lasting_address("multisource.answer_by_link", token=token),
    }
    post(session, to=to.email, language=to.language or current_language(), template="feedback", facts=facts)
