"""The words that the scripts of a device need: in the reader's language, written into the page that they work on."""

from __future__ import annotations

from typing import Any

from lms.core.words import _


def words_of_forms() -> dict[str, Any]:
    """Return what a form says that is kept on a device."""
    return {
        "stored_not": _("This is not stored yet"),
        "put_right": _("What you typed is still here. Put this right and send it again:"),
        "kept": _("Kept on this device"),
        "kept_why": _("There is no connection now. It is sent by itself once there is one, as you and only once."),
        "device": _("On this device"),
        "states": _states(),
        "full": _(
            "This device has no room left, so this could not be kept on it. What you typed is still here: "
            "make room, or send it once you have a connection."
        ),
        "failed": _("This device could not keep it. What you typed is still here: send it again."),
    }


def words_of_device() -> dict[str, Any]:
    """Return what the page of a device says of what waits on it."""
    return {
        "states": _states(),
        "ends": {
            "ready": _("What could be sent is sent."),
            "away": _("There is no connection. What waits here stays, and is sent once there is one."),
            "sign_in": _("Sign in to send what waits here. It is only sent as the one who wrote it."),
            "later": _("The server could not take it just now. It is sent again by itself."),
            "busy": _("Another window is sending it."),
        },
        "unable": _("This browser cannot keep anything for you, so there is nothing here. All pages work as always."),
        "closed": _(
            "Things of somebody else that wait here: %(num)s. Only they can read and send them.", num="%(num)s"
        ),
        "until": _("Can be read here until %(time)s, as long as you do not sign out.", time="%(time)s"),
        "nobody": _("Nobody is signed in here, so nothing can be read."),
        "open": _("Open"),
        "fill": _("Fill in"),
        "compare": _("Compare"),
        "remove": _("Remove"),
        "removed": _("It is removed from this device."),
        "sure": _("Remove “%(title)s” from this device? It was not sent.", title="%(title)s"),
        "yours": _("What you typed"),
        "there": _("What stands there now"),
        "mine": _("Send mine all the same"),
    }


def _states() -> dict[str, str]:
    return {
        "waiting": _("Waits for a connection"),
        "sending": _("Being sent"),
        "sent": _("Sent"),
        "refused": _("Refused: put it right"),
        "conflict": _("Needs your answer"),
    }
