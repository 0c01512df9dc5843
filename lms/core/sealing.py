"""Sealing: what is stored so that only this installation can read it again.

Made of what the standard library has: the text is mixed with a stream of HMAC-SHA256 in counter mode under a key of its
own, and the whole is authenticated by a second HMAC (encrypt, then authenticate). Each sealing has a nonce of its own.
"""

from __future__ import annotations

import hmac
import os
from itertools import count

NONCE, TAG = 16, 32


class SealBroken(Exception):
    """What was sealed was changed since, or sealed under another key."""


def seal_text(text: str, *, key: bytes) -> bytes:
    """Return the text as bytes that say nothing without the key."""
    nonce = os.urandom(NONCE)
    hidden = _mixed(text.encode(), nonce, key)
    return nonce + hidden + _tag(nonce + hidden, key)


def unseal_text(sealed: bytes, *, key: bytes) -> str:
    """Return the text that was sealed; raise `SealBroken` where it is not as it was sealed under that key."""
    whole, tag = sealed[:-TAG], sealed[-TAG:]
    if len(sealed) < NONCE + TAG or not hmac.compare_digest(tag, _tag(whole, key)):
        raise SealBroken
    return _mixed(whole[NONCE:], whole[:NONCE], key).decode()


def key_for(purpose: str, secret: str) -> bytes:
    """Return the key for a purpose (32 bytes), made from the secret of the installation."""
    return hmac.digest(secret.encode(), f"bekwaam {purpose}".encode(), "sha256")


def _mixed(content: bytes, nonce: bytes, key: bytes) -> bytes:
    """Return the content with the stream of key and nonce; done twice it is the content again."""
    own = hmac.digest(key, b"hide", "sha256")
    stream = bytearray()
    for number in count():
        if len(stream) >= len(content):
            break
        stream += hmac.digest(own, nonce + number.to_bytes(8), "sha256")
    return bytes(one ^ other for one, other in zip(content, stream, strict=False))


def _tag(whole: bytes, key: bytes) -> bytes:
    return hmac.digest(hmac.digest(key, b"prove", "sha256"), whole, "sha256")
