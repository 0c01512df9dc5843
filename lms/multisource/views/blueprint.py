"""The blueprint of feedback rounds, and how a round is found for who is asking."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, current_app

from lms.core import db
from lms.core.access import authorize, found
from lms.invitations.tokens import Tokens
from lms.multisource import queries
from lms.multisource.models import FeedbackRound
from lms.multisource.permissions import can_run
from lms.organisations.permissions import my_duties

bp = Blueprint("multisource", __name__)


def tokens() -> Tokens:
    """Return the tokens of this installation."""
    return Tokens(current_app.config["SECRET_KEY"])


def one_round(round_id: UUID) -> FeedbackRound:
    """Return a round that exists for the reader, else 404."""
    return found(queries.one_visible(db.session(), my_duties(), round_id))


def own_to_run(round_id: UUID) -> FeedbackRound:
    """Return a round that the reader may run, else 403."""
    round_ = one_round(round_id)
    authorize(can_run(my_duties(), round_))
    return round_
