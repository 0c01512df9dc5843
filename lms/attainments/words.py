"""Attainments in the reader's words."""

from __future__ import annotations

from competencies.attainments import AttainmentKind, HoursOf
from lms.attainments.models import AttainmentRow
from lms.core.words import _, label
from lms.curriculum.needs import days_words, hours_words
from lms.curriculum.plans import PlanInWords


def what_words(row: AttainmentRow, named: PlanInWords) -> str:
    """Return what was attained, as one phrase."""
    key = row.key or ""
    match row.kind:
        case AttainmentKind.HOURS | AttainmentKind.EXEMPT_HOURS:
            return hours_words(HoursOf(key), row.amount)
        case AttainmentKind.PLACEMENT:
            title = named.title("placement", key)
            return f"{title}: {named.title('setting', key, row.setting)}" if row.setting else title
        case AttainmentKind.SESSION:
            session = named.title("session", key)
            return _("%(session)s (%(days)s)", session=session, days=days_words(row.amount))
        case AttainmentKind.EXEMPT_EPA:
            return named.title("epa", key)
        case _:
            return row.title or (named.title("piece", key) if key else label(row.kind))
