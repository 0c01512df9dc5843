"""Where files are kept: in a folder or in a bucket, each under the hash of what it holds."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import IO
from uuid import UUID

import obstore
from flask import current_app
from obstore.exceptions import NotFoundError
from obstore.store import LocalStore, ObjectStore, from_url

from lms.settings import Settings

PIECE = 256 * 1024
"""Bytes that are held at a time when a file is read."""
FOLDER = "evidence"
"""The folder below that of the data, where no other store is set."""


def store() -> ObjectStore:
    """Return the store of this process: what a parent process opened does not work in its children."""
    stores: dict[int, ObjectStore] = current_app.extensions.setdefault("files", {})
    return stores.get(os.getpid()) or stores.setdefault(os.getpid(), opened(current_app.config["BEKWAAM"]))


def opened(settings: Settings) -> ObjectStore:
    """Return the store of an installation with these settings, for work outside of the app."""
    if settings.evidence_store:
        return from_url(settings.evidence_store)
    return LocalStore(settings.data_folder.absolute() / FOLDER, mkdir=True)


def key_of(organisation_id: UUID, digest: bytes) -> str:
    """Return the key of a file of an organisation: the same content has the same key, but never that of another's."""
    name = digest.hex()
    return f"{organisation_id}/{name[:2]}/{name}"


def put(key: str, content: IO[bytes] | bytes, *, to: ObjectStore | None = None) -> None:
    """Keep a file whole under a key, whatever was there; it stays through a power cut once this returns."""
    place = to or store()
    obstore.put(place, key, content)
    if isinstance(place, LocalStore) and place.prefix is not None:
        _on_disk(Path(place.prefix) / key)


def _on_disk(path: Path) -> None:
    """Wait until a file and the folder that names it are written."""
    for place in (path, path.parent):
        handle = os.open(place, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def is_kept(key: str) -> bool:
    """Whether there is a file under that key."""
    try:
        obstore.head(store(), key)
    except (NotFoundError, FileNotFoundError):
        return False
    return True


def pieces_of(key: str) -> Iterator[bytes]:
    """Return a file in pieces; raise FileNotFoundError at once where there is none."""
    try:
        stream = obstore.get(store(), key).stream(min_chunk_size=PIECE)
    except NotFoundError as gone:
        raise FileNotFoundError(key) from gone
    return (bytes(piece) for piece in stream)


def digest_of(key: str) -> bytes | None:
    """Return the SHA-256 of a file as it is kept, None where there is none."""
    digest = hashlib.sha256()
    try:
        for piece in pieces_of(key):
            digest.update(piece)
    except FileNotFoundError:
        return None
    return digest.digest()


def forget(keys: Iterable[str]) -> None:
    """Remove files; one that is gone already is no failure."""
    for key in keys:
        try:
            obstore.delete(store(), key)
        except (NotFoundError, FileNotFoundError):
            continue


def keys_below(prefix: str, *, before: datetime | None = None) -> Iterator[str]:
    """Return the keys below a prefix, of files that were written before that moment where one is given."""
    for several in obstore.list(store(), prefix):
        yield from (one["path"] for one in several if before is None or one["last_modified"] < before)
