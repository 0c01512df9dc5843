"""The people who can sign in to the demonstration, and with what."""

from __future__ import annotations

PASSWORD = "bekwaam-demo"  # noqa: S105 - it is public, and production refuses it.
SIGN_INS = {
    "trainee": "trainee@example.org",
    "trainer": "trainer@example.org",
    "programme lead": "lead@example.org",
    "committee member": "committee@example.org",
    "regional coordinator": "region@example.org",
    "administrator": "admin@example.org",
    "auditor": "auditor@example.org",
}
