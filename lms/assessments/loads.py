"""Words for how much waits for somebody and how soon they answer."""

from __future__ import annotations

from lms.assessments.queries.loads import Load
from lms.core.words import _, ngettext


def load_words(load: Load) -> str:
    """Return what waits for a person and how soon they answer, in one line of a list."""
    if load.is_full:
        return _("enough waits: %(open)s of %(limit)s", open=load.open_now, limit=load.limit)
    waits = ngettext("%(num)d waits", "%(num)d wait", load.open_now) if load.open_now else _("nothing waits")
    return ", ".join([waits, *([] if load.days is None else [_answers_in(load.days)])])


def _answers_in(days: int) -> str:
    if days < 1:
        return _("answers within a day")
    return ngettext("answers in %(num)d day", "answers in %(num)d days", days)
