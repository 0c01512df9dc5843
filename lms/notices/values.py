"""When somebody gets a mail, and when not."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from lms.core.clock import HERE, day_of
from lms.notices.models import Delivery

DIGEST_AT = time(7)
"""The hour of the region at which the mails of once a day are sent."""


@dataclass(frozen=True, slots=True)
class Wishes:
    """How a person wants mail; `digest_on` is the day of the last mail of once a day."""

    delivery: Delivery = Delivery.DIGEST
    quiet_from: time | None = None
    quiet_until: time | None = None
    digest_on: date | None = None

    def are_quiet(self, at: datetime) -> bool:
        """Return whether nothing is to be sent at that moment; quiet hours may reach over midnight."""
        if self.quiet_from is None or self.quiet_until is None:
            return False
        now = at.astimezone(HERE).time()
        if self.quiet_from < self.quiet_until:
            return self.quiet_from <= now < self.quiet_until
        return now >= self.quiet_from or now < self.quiet_until

    def want_mail(self, *, since: datetime, at: datetime) -> bool:
        """Return whether a mail is due for a person whose oldest untold notice is from that moment."""
        if self.delivery is Delivery.APP_ONLY or self.are_quiet(at):
            return False
        if self.delivery is Delivery.IMMEDIATE:
            return True
        return at >= next_digest(since) and self.digest_on != day_of(at)


def next_digest(after: datetime) -> datetime:
    """Return when the first digest after that moment is sent."""
    here = after.astimezone(HERE)
    day = here.date() if here.time() < DIGEST_AT else here.date() + timedelta(days=1)
    return datetime.combine(day, DIGEST_AT, HERE)
