"""Sealing: what is stored so that only this installation can read it again, by Fernet of the library `cryptography`."""

from __future__ import annotations

import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode

from cryptography.fernet import Fernet, InvalidToken


class SealBroken(Exception):
    """What was sealed was changed since, or sealed under another key."""


def seal_text(text: str, *, key: bytes) -> bytes:
    """Return the text as bytes that say nothing without the key."""
    return urlsafe_b64decode(_fernet(key).encrypt(text.encode()))


def unseal_text(sealed: bytes, *, key: bytes) -> str:
    """Return the text that was sealed; raise `SealBroken` where it is not as it was sealed under that key."""
    try:
        return _fernet(key).decrypt(urlsafe_b64encode(sealed)).decode()
    except InvalidToken as broken:
        raise SealBroken from broken


def key_for(purpose: str, secret: str) -> bytes:
    """Return the key for a purpose (32 bytes), made from the secret of the installation."""
    return hmac.digest(secret.encode(), f"bekwaam {purpose}".encode(), "sha256")


def _fernet(key: bytes) -> Fernet:
    return Fernet(urlsafe_b64encode(key))
