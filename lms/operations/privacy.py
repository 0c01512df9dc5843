"""Whether the database keeps reflections to their writers: its policies are in force, for the role of Bekwaam too."""

from __future__ import annotations

from sqlalchemy import Connection, Select, column, func, select, table, text

from lms.operations.chains import Advance, Difference

POLICIES = frozenset(
    {
        ("reflections", "of_writer", "ALL"),
        ("reflections", "of_reader", "SELECT"),
        ("reflection_shares", "of_writer", "ALL"),
        ("reflection_shares", "of_reader", "SELECT"),
    }
)
"""The table, the name and the commands of each policy; one more could open what these close."""
PRIVATE = tuple(sorted({where for where, _name, _command in POLICIES}))
_POLICIES = table("pg_policies", column("tablename"), column("policyname"), column("cmd"))
PRIVACY: Select[int] = select(func.count()).select_from(_POLICIES).where(_POLICIES.c.tablename.in_(PRIVATE))

_PASSES_BY = text("SELECT rolname FROM pg_roles WHERE rolname = current_user AND (rolsuper OR rolbypassrls)")
_UNBOUND = text(
    "SELECT relname FROM pg_class WHERE relname = ANY (:tables) AND relnamespace = current_schema()::regnamespace "
    "AND NOT (relrowsecurity AND relforcerowsecurity) ORDER BY relname"
)


def check_privacy(connection: Connection, advance: Advance) -> None:
    """Find the policies of the private tables in force; raise the first `Difference`."""
    if role := connection.execute(_PASSES_BY).scalar():
        raise Difference(
            f"The role {role} passes by the policies of the database, so nothing there keeps reflections apart: "
            "let Bekwaam connect as a role that is no superuser and has no BYPASSRLS."
        )
    if unbound := connection.execute(_UNBOUND, {"tables": list(PRIVATE)}).scalar():
        raise Difference(f"Row security of the table {unbound} is off, or does not bind its owner.")
    found = {tuple(row) for row in connection.execute(select(_POLICIES).where(_POLICIES.c.tablename.in_(PRIVATE)))}
    for where, name, _command in sorted(found ^ POLICIES):
        raise Difference(f"The policy {name} of the table {where} is not what Bekwaam made it.")
    advance(len(found))
