"""What every report says about itself, in words: who asked for it, when, about which day, and with which filters."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime

from lms.core import clock
from lms.core.words import _
from lms.reports.tables import Table


def _for_machines(at: datetime) -> str:
    return f"{at.astimezone(clock.HERE):%Y-%m-%d %H:%M}"


def origin_of(
    table: Table, *, day: Callable[[date], str] = date.isoformat, moment: Callable[[datetime], str] = _for_machines
) -> tuple[tuple[str, str], ...]:
    """Return pairs of a name and a value, ready to be shown: the origin first, then the filters, then the legend.

    `day` and `moment` write the dates: the same everywhere in files, the reader's own way on a page.
    """
    about = table.about
    return (
        (_("Report"), table.title),
        (_("Asked by"), about.asked_by),
        (_("Asked at"), _("%(moment)s (Dutch time)", moment=moment(about.asked_at))),
        (_("State on"), day(about.on)),
        (_("Rows"), str(len(table.rows))),
        *filters_of(table),
        *((remark.name, remark.value) for remark in about.legend),
    )


def filters_of(table: Table) -> tuple[tuple[str, str], ...]:
    """Return the filters as pairs of a name and a value; where there are none, that everything is in it."""
    filters = table.about.filters
    return tuple((remark.name, remark.value) for remark in filters) or ((_("Filters"), _("None: everybody is in it")),)
