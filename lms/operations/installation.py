"""The settings of this installation, completed with what it makes for itself: a secret key and a database."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from lms.operations import embedded
from lms.operations.claim import claimed
from lms.operations.home import make_data_folder
from lms.operations.kept_secrets import kept_secret
from lms.settings import Mode, Settings


def with_secret(settings: Settings) -> Settings:
    """Return the settings with a secret key, kept in the data folder unless one was given; production gives its own."""
    if settings.secret_key or settings.mode is Mode.PRODUCTION:
        return settings
    make_data_folder(settings.data_folder)
    return replace(settings, secret_key=kept_secret(settings.data_folder / "secrets" / "session-key"))


@contextmanager
def available(settings: Settings) -> Iterator[Settings]:
    """Give complete settings for the length of a command: its database is the one named, the one running, or started.

    With these `create_app` works in any command, whether or not Bekwaam runs.
    """
    settings = with_secret(settings)
    if url := settings.database_url or embedded.address(settings.data_folder):
        yield replace(settings, database_url=url)
        return
    with claimed(settings.data_folder):
        server = embedded.start(settings.data_folder)
        try:
            yield replace(settings, database_url=server.url)
        finally:
            server.stop()
