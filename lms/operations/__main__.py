"""The commands that run Bekwaam, as `python -m lms.operations COMMAND`: what `bekwaam run` starts its parts with."""

from __future__ import annotations

import click

from lms.operations.commands import COMMANDS

if __name__ == "__main__":
    click.Group(commands=COMMANDS)()
