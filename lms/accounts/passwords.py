"""Passwords: hashed with argon2id, compared in constant time."""

from __future__ import annotations

from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from competencies.people import Role

SHORTEST = 12
LONGEST = 200
DEMO_PASSWORD = "bekwaam-demo"  # noqa: S105
"""Opens the demonstration accounts, in demonstration mode only."""

DEMO_PEOPLE = {
    "trainee@example.org": Role.TRAINEE,
    "trainer@example.org": Role.TRAINER,
    "lead@example.org": Role.PROGRAMME_LEAD,
    "committee@example.org": Role.COMMITTEE_MEMBER,
    "region@example.org": Role.REGIONAL_COORDINATOR,
    "admin@example.org": Role.ORGANISATION_ADMINISTRATOR,
    "auditor@example.org": Role.AUDITOR,
}
"""The fixed sign-ins of the demonstration region, each with its role."""

_hasher = PasswordHasher()


def hash_of(password: str) -> str:
    """Return the argon2id hash of a password, with its parameters and salt."""
    return _hasher.hash(password)


def matches(password: str, stored: str | None) -> bool:
    """Whether the password is the stored one; takes as long for an account that is not there."""
    try:
        _hasher.verify(stored or _decoy(), password)
    except (VerificationError, InvalidHashError):
        return False
    return stored is not None


@cache
def _decoy() -> str:
    """Return the hash that is compared with where there is no account: it takes as long as a real one."""
    return _hasher.hash("nobody has this password")
