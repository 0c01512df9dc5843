"""The calendar of a person, for programs that fetch it: whoever knows the address may."""

from __future__ import annotations

from datetime import timedelta

from flask import Response, abort, request
from flask.typing import ResponseReturnValue

from lms.core import clock, db
from lms.core.access import found, public
from lms.core.limits import Limit
from lms.notices.queries import feed_by_secret
from lms.progress.feeds import feed_for
from lms.progress.views.blueprint import bp

WRONG = Limit(200, timedelta(minutes=15))
"""Wrong addresses from one place: many calendars may come from behind one hospital."""
FETCHED = Limit(60, timedelta(hours=1))
"""Fetches of one calendar; programs usually come once an hour."""


@bp.get("/calendar/<string:secret>.ics")
@public
def calendar(secret: str) -> ResponseReturnValue:
    """Answer with the days of the person whose calendar has this address."""
    now, place = clock.now(), request.remote_addr or ""
    if WRONG.is_reached(place, at=now):
        abort(429)
    feed = feed_by_secret(db.session(), secret)
    if feed is None:
        WRONG.count(place, at=now)
    opened = found(feed)
    if FETCHED.is_reached(str(opened.user_id), at=now):
        abort(429)
    FETCHED.count(str(opened.user_id), at=now)
    headers = {"Content-Disposition": "inline; filename=bekwaam.ics", "X-Robots-Tag": "noindex"}
    return Response(feed_for(db.session(), opened.user), mimetype="text/calendar", headers=headers)
