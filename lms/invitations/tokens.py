"""Tokens of links: made so that nobody can guess one, change one, or carry one over to another place or use.

A token is 72 bytes: the organisation (16), the invitation (16), a secret (24) and a seal over these (16). The key of
the seal is made of the secret of the installation, the use and the organisation, so a token that is not ours is known
as such without asking the database. There only its SHA-256 is kept.
"""

from __future__ import annotations

import binascii
import hashlib
import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass, field
from enum import StrEnum
from uuid import UUID

SECRET, SEAL = 24, 16
NONCE = 24
"""Random bytes of which a secret is made: what is behind a code on a screen can be drawn again from them."""


class Purpose(StrEnum):
    """What a link opens: a token for one opens nothing else."""

    ANSWER = "answer"
    DISOWN = "disown"
    BROWSER = "browser"
    FEEDBACK = "feedback"


@dataclass(frozen=True, slots=True)
class Named:
    """What a token that is ours names."""

    organisation_id: UUID
    invitation_id: UUID


@dataclass(frozen=True, slots=True)
class Tokens:
    """The tokens of this installation."""

    secret_key: str = field(repr=False)

    def make(self, purpose: Purpose, named: Named, nonce: bytes) -> str:
        """Return the token (96 signs) for a use of an invitation; the same nonce gives the same one again."""
        about = named.organisation_id.bytes + named.invitation_id.bytes
        key = self._key(purpose, named.organisation_id)
        body = about + hmac.digest(key, b"secret" + about + nonce, "sha256")[:SECRET]
        return urlsafe_b64encode(body + _seal(key, body)).decode()

    def read(self, purpose: Purpose, token: str) -> Named | None:
        """Return what a token names, or None where it is not one of ours for that use."""
        try:
            whole = urlsafe_b64decode(token)
        except (binascii.Error, ValueError):
            return None
        if len(whole) != 32 + SECRET + SEAL:
            return None
        named = Named(UUID(bytes=whole[:16]), UUID(bytes=whole[16:32]))
        body, seal = whole[:-SEAL], whole[-SEAL:]
        ours = hmac.compare_digest(seal, _seal(self._key(purpose, named.organisation_id), body))
        return named if ours else None

    def _key(self, purpose: Purpose, organisation_id: UUID) -> bytes:
        use = f"bekwaam link {purpose}".encode()
        return hmac.digest(hmac.digest(self.secret_key.encode(), use, "sha256"), organisation_id.bytes, "sha256")


def _seal(key: bytes, body: bytes) -> bytes:
    return hmac.digest(key, b"seal" + body, "sha256")[:SEAL]


def digest_of(token: str) -> bytes:
    """Return the SHA-256 (32 bytes) under which a token is kept."""
    return hashlib.sha256(token.encode()).digest()


def is_token_of(token: str, digest: bytes | None) -> bool:
    """Return whether that is the token that was kept; it takes as long whichever sign differs."""
    return digest is not None and hmac.compare_digest(digest_of(token), digest)
