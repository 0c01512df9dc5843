"""The operator's commands: `bekwaam --help` lists them."""

from __future__ import annotations

import click

from lms.operations.commands import COMMANDS


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Bekwaam: train and declare competent with EPAs."""


for command in COMMANDS:
    main.add_command(command)
