"""What the terminal shows once Bekwaam answers: its address and, in the demonstration, who can sign in."""

from __future__ import annotations

from lms.accounts.passwords import DEMO_PASSWORD
from lms.settings import Settings

SIGN_INS = {
    "trainee": "trainee@example.org",
    "trainer": "trainer@example.org",
    "programme lead": "lead@example.org",
    "committee member": "committee@example.org",
    "regional coordinator": "region@example.org",
    "administrator": "admin@example.org",
    "auditor": "auditor@example.org",
}


def welcome(settings: Settings) -> str:
    """Return the lines that say where Bekwaam is and how to enter and leave it."""
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    lines = ["", f"Bekwaam answers at http://{host}:{settings.port}/ (Ctrl-C stops it)"]
    if settings.demo:
        lines += ["", f"Demonstration: sign in with the password {DEMO_PASSWORD} as"]
        lines += [f"  {address:<24}{role}" for role, address in SIGN_INS.items()]
    return "\n".join([*lines, ""])
