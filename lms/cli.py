"""The operator's commands: `bekwaam --help` lists them."""

from __future__ import annotations

import importlib
from typing import Any

import click

COMMANDS = {
    "account": ("lms.operations.people:account", "Make accounts and give them passwords."),
    "check": (
        "lms.operations.check_command:check",
        "Prove the audit record whole and the standings equal to the history.",
    ),
    "demo": ("lms.demo.commands:demo", "Fill an empty installation with an invented region."),
    "migrate": ("lms.operations.commands:migrate", "Bring the tables up to date."),
    "organisation": ("lms.operations.people:organisation", "Make organisations and alliances."),
    "prepare": ("lms.operations.commands:prepare", "Bring the tables and the programmes up to date."),
    "programmes": ("lms.operations.programmes:programmes", "Check, load and write curriculum files."),
    "report": ("lms.reports.commands:report", "Write a report to a file."),
    "role": ("lms.operations.people:give_role", "Give a person a role."),
    "run": ("lms.operations.commands:run", "Start everything: database, web server and job worker."),
    "search": ("lms.search.commands:search", "Check the search index, and make it anew."),
    "worker": ("lms.operations.commands:worker", "Do the jobs that wait in the database."),
}
"""Where each command lives, and what it is for; it is imported only when it is asked for."""


IN_APP = frozenset({"account", "check", "demo", "organisation", "programmes", "report", "role", "search"})
"""The commands that know nothing of settings and servers, and do their work inside the app."""


def _imported(place: str) -> Any:
    module, _, attribute = place.partition(":")
    return getattr(importlib.import_module(module), attribute)


class Loading(click.Group):
    """A group whose commands are loaded by name, so that one command does not wait for the imports of another."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of all commands."""
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return the command of that name, imported from where it lives."""
        if cmd_name not in COMMANDS:
            return None
        loaded: click.Command = _imported(COMMANDS[cmd_name][0])
        if cmd_name in IN_APP:
            inside: click.Command = _imported("lms.operations.app_commands:in_app")(loaded)
            return inside
        return loaded

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of commands without importing any."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, what) for name, (_, what) in sorted(COMMANDS.items())])


@click.command(cls=Loading, context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Bekwaam: train on the job with EPAs, and declare competent on evidence."""
