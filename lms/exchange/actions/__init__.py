"""Handing files in, previewing and applying them, and keeping framework packages."""

from lms.exchange.actions.imports import (
    apply,
    ask_to_apply,
    begin_reading,
    discard,
    forget_old_imports,
    give_up,
    give_up_left,
    hand_in,
    refuse,
    show_preview,
)
from lms.exchange.actions.packages import (
    close,
    complete,
    note_taken_away,
    offer_programmes,
    open_to_everybody,
    start_draft_from,
    store_package,
)

__all__ = [
    "apply",
    "ask_to_apply",
    "begin_reading",
    "close",
    "complete",
    "discard",
    "forget_old_imports",
    "give_up",
    "give_up_left",
    "hand_in",
    "note_taken_away",
    "offer_programmes",
    "open_to_everybody",
    "refuse",
    "show_preview",
    "start_draft_from",
    "store_package",
]
