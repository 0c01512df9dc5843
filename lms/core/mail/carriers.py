"""How a mail leaves: to a mail server, into a folder where somebody can look at it, or not at all."""

from __future__ import annotations

import smtplib
import ssl
from contextlib import suppress
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path
from typing import Protocol
from urllib.parse import SplitResult, unquote, urlsplit

from lms.settings import Mode, Settings

PATIENCE = 30.0
"""Seconds to wait for a mail server at each step."""


class Refused(Exception):
    """The mail server refuses this mail for good (5xx), and will not take it later either."""

    def __init__(self, code: int) -> None:
        super().__init__(f"refused with {code}")
        self.code = code


class NotNow(Exception):
    """The mail could not be handed over now; `code` is what the mail server said (None: it said nothing)."""

    def __init__(self, code: int | None) -> None:
        super().__init__(f"not now, {code or 'no answer'}")
        self.code = code


class Carrier(Protocol):
    """What takes a mail away."""

    def carry(self, message: EmailMessage) -> None:
        """Take the mail, or raise `Refused` or `NotNow`."""


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder with one file a mail; sent twice, it is the same file."""

    path: Path

    def carry(self, message: EmailMessage) -> None:
        """Write the mail into the folder, whole or not at all."""
        name = str(message["Message-ID"]).strip("<>").partition("@")[0]
        self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
        half = self.path / f"{name}.half"
        half.write_bytes(bytes(message))
        half.replace(self.path / f"{name}.eml")


@dataclass(frozen=True, slots=True)
class MailServer:
    """A mail server; `smtps` encrypts from the first byte, `smtp` before anything is said, `smtp+plain` never."""

    scheme: str
    host: str
    port: int
    user: str
    password: str

    def carry(self, message: EmailMessage) -> None:
        """Hand the mail over; what the server says besides its code is not kept, for it may hold an address."""
        try:
            server = self._connected()
            try:
                server.send_message(message)
            finally:
                with suppress(smtplib.SMTPException, OSError):
                    server.quit()
        except smtplib.SMTPRecipientsRefused as refused:
            raise _outcome(next(iter(refused.recipients.values()))[0]) from None
        except smtplib.SMTPDataError as refused:
            raise _outcome(refused.smtp_code) from None
        except smtplib.SMTPResponseException as refused:
            raise NotNow(refused.smtp_code) from None  # It refuses us and not the reader: that is for the operator.
        except (smtplib.SMTPException, OSError):
            raise NotNow(None) from None

    def _connected(self) -> smtplib.SMTP:
        if self.scheme == "smtps":
            server: smtplib.SMTP = smtplib.SMTP_SSL(
                self.host, self.port, timeout=PATIENCE, context=ssl.create_default_context()
            )
        else:
            server = smtplib.SMTP(self.host, self.port, timeout=PATIENCE)
        try:
            if self.scheme == "smtp":
                server.starttls(context=ssl.create_default_context())
            if self.user:
                server.login(self.user, self.password)
        except BaseException:
            server.close()
            raise
        return server


def _outcome(code: int) -> Refused | NotNow:
    return Refused(code) if 500 <= code < 600 else NotNow(code)


def carrier_for(settings: Settings) -> Carrier | None:
    """Return what takes mails away in this installation, or None where mail is switched off."""
    if settings.mail_url == "off" or (not settings.mail_url and settings.mode is not Mode.DEMO):
        return None
    if not settings.mail_url:
        return Folder(settings.data_folder / "mail")
    url = urlsplit(settings.mail_url)
    return Folder(Path(url.path)) if url.scheme == "folder" else _server(url)


def _server(url: SplitResult) -> MailServer:
    usual = {"smtps": 465, "smtp": 587, "smtp+plain": 25}[url.scheme]
    return MailServer(
        url.scheme, url.hostname or "", url.port or usual, unquote(url.username or ""), unquote(url.password or "")
    )
