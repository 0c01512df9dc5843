"""The settings: one frozen dataclass, the environment read once."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from environs import EnvError, FileAwareEnv

SHORTEST_SECRET = 32
MEGABYTE = 1024 * 1024


class Mode(StrEnum):
    """What this installation is for."""

    DEMO = "demo"
    PRODUCTION = "production"
    TEST = "test"


class SettingsRefused(Exception):
    """The environment holds settings that Bekwaam refuses to start with; the message says which and what to do."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that differs between installations."""

    mode: Mode = Mode.DEMO
    secret_key: str = field(default="", repr=False)
    database_url: str | None = field(default=None, repr=False)
    data_folder: Path = Path("var")
    host: str = "127.0.0.1"
    port: int = 8000
    allowed_hosts: tuple[str, ...] = ("localhost", "127.0.0.1", "[::1]")
    https: bool = False
    debug: bool = False
    metrics_token: str = field(default="", repr=False)
    largest_request: int = MEGABYTE
    web_workers: int = 2
    trusted_proxies: int = 0
    sign_in_attempts: int = 10
    public_url: str = ""
    evidence_store: str = field(default="", repr=False)
    virus_scanner: str = ""
    mail_url: str = field(default="", repr=False)
    mail_from: str = "Bekwaam <bekwaam@localhost>"

    @property
    def demo(self) -> bool:
        """Whether the demonstration people with their known password may sign in."""
        return self.mode is not Mode.PRODUCTION


def read_settings() -> Settings:
    """Return the settings of the environment; raise `SettingsRefused` for what must not start.

    Every name may carry the suffix `_FILE` and then names a file that holds the value, as container secrets do.
    """
    env = FileAwareEnv(strip_whitespace=True)
    try:
        settings = _settings_of(env)
    except EnvError as wrong:
        raise SettingsRefused(f"A setting cannot be read: {wrong}") from wrong
    _refuse_unsafe(settings)
    return settings


def _settings_of(env: FileAwareEnv) -> Settings:
    return Settings(
        mode=env.enum("BEKWAAM_MODE", default=Mode.DEMO, enum=Mode, by_value=True),
        secret_key=env.str("SECRET_KEY", ""),
        database_url=_with_driver(env.str("DATABASE_URL", "")),
        data_folder=Path(env.str("BEKWAAM_DATA", "var")).absolute(),
        host=env.str("HOST", "127.0.0.1"),
        port=env.int("PORT", 8000),
        allowed_hosts=tuple(env.list("ALLOWED_HOSTS", ["localhost", "127.0.0.1", "[::1]"])),
        https=env.bool("HTTPS", False),
        debug=env.bool("FLASK_DEBUG", False),
        metrics_token=env.str("METRICS_TOKEN", ""),
        largest_request=env.int("LARGEST_REQUEST", MEGABYTE),
        web_workers=env.int("WEB_WORKERS", 2),
        trusted_proxies=env.int("TRUSTED_PROXIES", 0),
        sign_in_attempts=env.int("SIGN_IN_ATTEMPTS", 10),
        public_url=_site_address(env.str("PUBLIC_URL", "")),
        evidence_store=_address_of(env.str("EVIDENCE_STORE", ""), "EVIDENCE_STORE", "s3", "file"),
        virus_scanner=_address_of(env.str("VIRUS_SCANNER", ""), "VIRUS_SCANNER", "clamd"),
        mail_url=_mail_address(env.str("MAIL_URL", "")),
        mail_from=_sender(env.str("MAIL_FROM", "Bekwaam <bekwaam@localhost>")),
    )


def _address_of(url: str, name: str, *schemes: str) -> str:
    """Return an address of one of these kinds, or none; refuse any other."""
    if url and not re.fullmatch(rf"({'|'.join(schemes)})://[^\s]+", url):
        raise SettingsRefused(
            f"{name} must be an address that begins with {' or '.join(f'{one}://' for one in schemes)}."
        )
    return url


def _site_address(url: str) -> str:
    """Return the address of the site without a slash at its end; refuse what is none."""
    if url and not re.fullmatch(r"https?://[^/?#\s]+(/[^?#\s]*)?", url):
        raise SettingsRefused("PUBLIC_URL must be the address of this site, such as https://bekwaam.example.")
    return url.rstrip("/")


def _mail_address(url: str) -> str:
    """Return where mails go; refuse what is no such address, without saying it: it may hold a password."""
    if url and not re.fullmatch(r"off|folder:/.+|(smtps?|smtp\+plain)://([^@/\s]*@)?[^@/:\s]+(:[0-9]{1,5})?/?", url):
        raise SettingsRefused(
            "MAIL_URL must be off, folder:/a/folder, or smtps://, smtp:// (STARTTLS) or smtp+plain:// with "
            "user:password@server:port; signs such as @ in a password are written as %40."
        )
    return url


def _sender(address: str) -> str:
    """Return the address that mails come from; refuse what is none."""
    if not re.fullmatch(r"[^@<>\s]+@[^@<>\s]+|[^@<>\"\r\n]+ <[^@<>\s]+@[^@<>\s]+>", address):
        raise SettingsRefused("MAIL_FROM must be an e-mail address, such as Bekwaam <bekwaam@hospital.example>.")
    return address


def _with_driver(url: str) -> str | None:
    """Return the address with the driver that Bekwaam speaks, whichever PostgreSQL spelling was given."""
    for spelling in ("postgres://", "postgresql://"):
        if url.startswith(spelling):
            return "postgresql+psycopg://" + url.removeprefix(spelling)
    return url or None


def _refuse_unsafe(settings: Settings) -> None:
    if settings.mode is not Mode.PRODUCTION:
        return
    if len(settings.secret_key) < SHORTEST_SECRET:
        raise SettingsRefused(f"SECRET_KEY must be set to at least {SHORTEST_SECRET} characters in production.")
    if settings.debug:
        raise SettingsRefused("FLASK_DEBUG must be off in production.")
    if not settings.https:
        raise SettingsRefused("HTTPS must be true in production: sign-in cookies only travel encrypted.")
    if settings.mail_url.startswith("smtp") and (not settings.public_url or settings.mail_from.endswith("@localhost>")):
        raise SettingsRefused("MAIL_URL needs PUBLIC_URL, which the links in mails begin with, and MAIL_FROM.")
