"""Invitations for the tests, made through the actions as the pages do, and the mail that carries their links."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime

from flask import Flask
from sqlalchemy.orm import Session

from competencies.requests import same_way
from lms.assessments.queries import ways_for
from lms.assessments.values import scale_for
from lms.curriculum.queries import latest_scales
from lms.invitations import actions
from lms.invitations.models import Invitation
from lms.invitations.tokens import Purpose, Tokens
from lms.invitations.values import Guest, Way, named
from lms.logbook.models import Activity
from lms.logbook.queries import one_visible
from lms.organisations.permissions import duties_of
from tests.factories import NOW, TODAY, Ward
from tests.mailbox import letters, plain
from tests.pages import Browser

EMAIL, NAME, ROLE = "r.devries@ambulance.example.org", "Rik de Vries", "Ambulance nurse"
GUEST = Guest(email=EMAIL, name=NAME, role=ROLE)
WHO = {"name": NAME, "role": ROLE, "email": EMAIL}


def tokens_of(app: Flask) -> Tokens:
    """Return the tokens of the app under test."""
    return Tokens(app.config["SECRET_KEY"])


def way_for(session: Session, activity: Activity, instrument: str = "kpb") -> Way:
    """Return the way to ask about the first EPA of the activity with that instrument."""
    ways, epa = ways_for(session, activity), activity.epas[0]
    offer = same_way(ways.offers[epa.id], instrument, None)
    scale_id = scale_for(ways.epas[epa.id], offer, ways.instruments, latest_scales(session))
    return Way(epa=ways.epas[epa.id], offer=offer, offers=ways.offers[epa.id], scale_id=scale_id)


def invite(
    app: Flask, session: Session, ward: Ward, activity: Activity, guest: Guest = GUEST, *, at: datetime = NOW
) -> tuple[Invitation, str]:
    """Return an invitation by mail and the path of its link."""
    activity = _loaded(session, ward, activity)
    way = way_for(session, activity)
    made = actions.invite(session, activity, guest, way, tokens=tokens_of(app), by=ward.trainee, at=at)
    session.flush()
    return made, last_link(session)


def show_code(
    app: Flask, session: Session, ward: Ward, activity: Activity, *, at: datetime = NOW
) -> tuple[Invitation, str]:
    """Return an invitation behind a code and the path of its link."""
    activity, tokens = _loaded(session, ward, activity), tokens_of(app)
    made = actions.show_code(session, activity, way_for(session, activity), tokens=tokens, by=ward.trainee, at=at)
    session.flush()
    assert made.nonce is not None
    return made, f"/r/{tokens.make(Purpose.ANSWER, named(made), made.nonce)}"


def _loaded(session: Session, ward: Ward, activity: Activity) -> Activity:
    """Return the activity as the page loads it."""
    loaded = one_visible(session, duties_of(ward.trainee.id, on=TODAY), activity.id)
    assert loaded is not None
    return loaded


def last_link(session: Session) -> str:
    """Return the path of the link in the last mail."""
    found = re.search(r"https?://[^/\s]+(/[rn]/[A-Za-z0-9_-]{96})", plain(letters(session)[-1]))
    assert found is not None
    return found[1]


def give(
    browser: Browser, link: str, values: Mapping[str, str] | None = None, *, level: str = "3", status: int = 200
) -> str:
    """Answer by the link in that browser, and return the words of the page that follows."""
    page = browser.get(link)
    return browser.send(page, {"level": level, "comment": "Calm and complete.", **(values or {})}, status=status).text
