"""Invitations: how somebody without an account is asked for an assessment, and how sure it is who answered."""

from datetime import datetime, timedelta
from enum import StrEnum

from competencies.errors import RuleBroken


class Identity(StrEnum):
    """By what it is known who gave an assessment, the surest first."""

    ACCOUNT = "account"
    KNOWN_ADDRESS = "known_address"
    SHOWN_CODE = "shown_code"


class LinkState(StrEnum):
    """What a link is still good for."""

    OPEN = "open"
    USED = "used"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"


LASTS = {Identity.KNOWN_ADDRESS: timedelta(days=14), Identity.SHOWN_CODE: timedelta(minutes=10)}
"""How long a link can be answered: one that was sent as long as a request, a code while both stand together."""
SHOWN_FOR = timedelta(hours=24)
"""How long who answered can read back what they sent."""
MOST_OPEN = 20
"""So many links of one trainee can be open: more would make of us somebody who writes to strangers."""
AGAIN_AFTER = timedelta(hours=1)
"""So long after a link was sent another one can be, so that nobody is showered with them."""
RECEIPT_LASTS = timedelta(days=90)
"""How long somebody can say that an answer in their name was not theirs."""

ANYBODYS = frozenset(
    {
        "aol.com", "casema.nl", "chello.nl", "gmail.com", "gmx.com", "gmx.net", "googlemail.com", "hetnet.nl",
        "home.nl", "hotmail.com", "hotmail.nl", "icloud.com", "kpnmail.nl", "kpnplanet.nl", "live.com", "live.nl",
        "mac.com", "mail.com", "me.com", "msn.com", "online.nl", "outlook.com", "outlook.nl", "planet.nl", "proton.me",
        "protonmail.com", "quicknet.nl", "tele2.nl", "telfort.nl", "upcmail.nl", "xs4all.nl", "yahoo.com", "yahoo.nl",
        "ziggo.nl",
    }
)  # fmt: skip
"""Domains at which anybody can have an address, so that it says little of who somebody is at work."""


def same_address(one: str, other: str) -> bool:
    """Return whether two e-mail addresses are the same one, however they are capitalised."""
    return one.strip().lower() == other.strip().lower()


def is_anybodys(address: str) -> bool:
    """Return whether anybody can have an address at that domain."""
    return address.strip().lower().rpartition("@")[2] in ANYBODYS


def check_guest(address: str, *, own: str) -> None:
    """Accept the address of somebody other than the trainee, whose own one is `own`, or raise own_assessment."""
    if same_address(address, own):
        raise RuleBroken("own_assessment")


def check_confirmed(address: str, *, invited: str) -> None:
    """Accept the address that the link was sent to, or raise link_of_another.

    Whoever got the link from somebody else has another address, and needs a link of their own.
    """
    if not same_address(address, invited):
        raise RuleBroken("link_of_another")


def check_number(already_open: int) -> None:
    """Accept one more link beside those that are open, or raise too_many_links."""
    if already_open >= MOST_OPEN:
        raise RuleBroken("too_many_links", most=MOST_OPEN)


def can_follow(state: LinkState, identity: Identity, *, made_at: datetime, at: datetime) -> bool:
    """Return whether another link can take the place of one: nothing came of it, and a mail was not sent just now."""
    waits = identity is Identity.SHOWN_CODE or at >= made_at + AGAIN_AFTER
    return waits and state in {LinkState.OPEN, LinkState.EXPIRED}


def state_of(*, expires_at: datetime, is_answered: bool, is_withdrawn: bool, at: datetime) -> LinkState:
    """Return what a link is good for at a moment; what happened to it matters more than how old it is."""
    if is_answered:
        return LinkState.USED
    if is_withdrawn:
        return LinkState.WITHDRAWN
    return LinkState.OPEN if at < expires_at else LinkState.EXPIRED


def can_read_back(*, answered_at: datetime, at: datetime) -> bool:
    """Return whether who answered can still read back what they sent."""
    return at < answered_at + SHOWN_FOR


def can_disown(*, answered_at: datetime, at: datetime) -> bool:
    """Return whether somebody can still say that an answer in their name was not theirs."""
    return at < answered_at + RECEIPT_LASTS
