"""A mail as it goes out: plain text and HTML with the same content, from one template, in the reader's language."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from email.errors import HeaderParseError
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import parseaddr
from typing import Any
from uuid import UUID

from flask import current_app
from flask_babel import force_locale

from lms.core.mail.models import Mail
from lms.core.sealing import key_for, seal_text, unseal_text
from lms.core.words import current_language
from lms.settings import Settings

REPEATED = "X-Bekwaam-Repeat"
"""The header of a mail that was perhaps sent before, with the same Message-ID: how often."""


class NoAddress(Exception):
    """What a mail is to be sent to is no e-mail address; the message does not say it, for it may go into a log."""


@dataclass(frozen=True, slots=True)
class Letter:
    """What is needed of a mail to compose it, while no transaction is open."""

    id: UUID
    address: str
    language: str
    template: str
    facts: Mapping[str, Any]
    attempts: int
    repeats: int


def letter_of(mail: Mail) -> Letter:
    """Return the mail with its facts opened; raise `SealBroken` where these cannot be."""
    facts = json.loads(unseal_text(mail.facts or b"", key=_key()))
    return Letter(mail.id, mail.address, mail.language, mail.template, facts, mail.attempts, mail.repeats)


def sealed(facts: Mapping[str, object]) -> bytes:
    """Return the facts of a mail as they are kept until it is sent."""
    return seal_text(json.dumps(facts), key=_key())


def composed(letter: Letter, *, at: datetime) -> EmailMessage:
    """Return the mail; its Message-ID follows from its key, so that a second sending is known as the same mail.

    Raises `NoAddress` where nothing can be sent to its address.
    """
    settings = _settings()
    sender_name, sender = parseaddr(settings.mail_from)
    message = EmailMessage()
    with force_locale(letter.language):
        message["Subject"] = " ".join(_rendered(letter, "subject.txt").split())
        message["From"] = Address(sender_name or "Bekwaam", addr_spec=sender)
        message["To"] = _address(letter.address)
        message["Date"] = at
        message["Message-ID"] = f"<{letter.id}@{sender.rpartition('@')[2]}>"
        message["Auto-Submitted"] = "auto-generated"
        if letter.repeats:
            message[REPEATED] = str(letter.repeats)
        if choices := letter.facts.get("choices_url"):
            message["List-Unsubscribe"] = f"<{choices}>"
        message.set_content(_as_text(_rendered(letter, "text.txt")), cte="quoted-printable")
        message.add_alternative(_rendered(letter, "page.html"), subtype="html", cte="quoted-printable")
        message["Content-Language"] = current_language()
    return message


def _address(text: str) -> Address:
    try:
        return Address(addr_spec=text)
    except (ValueError, HeaderParseError):
        raise NoAddress from None


def _rendered(letter: Letter, layout: str) -> str:
    """Return the mail in one of the layouts; its parts are those of that layout."""
    template = current_app.jinja_env.get_template(f"mail/{letter.template}.html")
    parts = "mail/parts/page.html" if layout == "page.html" else "mail/parts/text.txt"
    return template.render({"choices_url": None, **letter.facts}, layout=f"mail/layout/{layout}", parts=parts)


def _as_text(rendered: str) -> str:
    """Return what was rendered as plain text: signs as themselves, no spaces around lines, one empty line at most."""
    lines = "\n".join(line.strip() for line in html.unescape(rendered).splitlines())
    return re.sub(r"\n{3,}", "\n\n", lines).strip() + "\n"


def _settings() -> Settings:
    settings: Settings = current_app.config["BEKWAAM"]
    return settings


def _key() -> bytes:
    return key_for("mail", _settings().secret_key)
