"""What a move leaves behind and what forbids it, in the reader's words."""

from __future__ import annotations

from competencies.attainments import Attainment, AttainmentKind
from competencies.versions import Outlook
from lms.core.words import _, label, rule_text
from lms.progress.values import ProgrammeOutline


def attained_words(one: Attainment, outline: ProgrammeOutline) -> str:
    """Return what was attained, as the version that is left names it: its kind and its title."""
    return _("%(kind)s: %(title)s", kind=label(one.kind), title=_title(one, outline))


def _title(one: Attainment, outline: ProgrammeOutline) -> str:
    key = one.key or ""
    match one.kind:
        case AttainmentKind.EXEMPT_EPA:
            return outline.title("epa", key)
        case AttainmentKind.PLACEMENT if one.setting:
            return f"{outline.title('placement', key)}, {outline.title('setting', key, one.setting)}"
        case AttainmentKind.PLACEMENT:
            return outline.title("placement", key)
        case AttainmentKind.SESSION:
            return outline.title("session", key)
        case _:
            return outline.title("piece", key)


def refusal_words(outlook: Outlook) -> str:
    """Return why the trainee cannot be moved, or the empty text."""
    return rule_text(outlook.refusal) if outlook.refusal else ""
