"""What an installation keeps to itself: generated secrets, one file each, and files that only their owner reads."""

from __future__ import annotations

import os
import secrets
import tempfile
from pathlib import Path


def kept_secret(file: Path) -> str:
    """Return the secret in that file, making both on the first call."""
    if not file.exists():
        _keep(file, secrets.token_urlsafe(32))
    return file.read_text().strip()


def _keep(file: Path, secret: str) -> None:
    """Write the file whole or not at all; it is 0600 from its first moment."""
    descriptor, new = tempfile.mkstemp(dir=file.parent)
    with os.fdopen(descriptor, "w") as half:
        half.write(secret + "\n")
        half.flush()
        os.fsync(descriptor)
    Path(new).replace(file)


def private(file: Path) -> int:
    """Return a descriptor for reading, and adding to, a file that nobody but its owner reads."""
    return os.open(file, os.O_RDWR | os.O_CREAT | os.O_APPEND, mode=0o600)
