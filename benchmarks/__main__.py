"""`python -m benchmarks`: measure, print the tables, keep them as JSON; `--markdown` prints what was kept."""

from __future__ import annotations

import os
from collections.abc import Sequence

import click

from benchmarks import results
from benchmarks.data import ROOT, CannotMeasure
from benchmarks.load import Extent
from benchmarks.machine import description
from benchmarks.results import Results
from benchmarks.whole import measure_size
from lms.core import clock
from lms.demo.sizes import Size
from lms.operations.refusals import CannotRun

KEPT = ROOT / "var" / "bench" / "results.json"


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--sizes", default=lambda: os.environ.get("BENCH_SIZES", "S,M"), help="Sizes of data, as in S,M,L (BENCH_SIZES)."
)
@click.option("--only", default="", help="Measure only pages whose key holds this; nothing is kept.")
@click.option("--seconds", default=1.5, show_default=True, help="How long to go on with a page after 50 requests.")
@click.option("--markdown", is_flag=True, help="Measure nothing: print what was kept, as Markdown.")
def main(sizes: str, only: str, seconds: float, markdown: bool) -> None:
    """Measure the pages of Bekwaam on demonstration data, on this machine."""
    if markdown:
        click.echo(results.read(KEPT).as_markdown())
        return
    try:
        found = measure(_sizes(sizes), only=only, extent=Extent(seconds=seconds))
    except (CannotMeasure, CannotRun, OSError) as wrong:
        raise click.ClickException(str(wrong)) from wrong
    click.echo(found.as_text())
    if not only:
        KEPT.parent.mkdir(parents=True, exist_ok=True)
        KEPT.write_text(found.as_json())
        click.echo(f"Kept in {KEPT.relative_to(ROOT)}", err=True)


def _sizes(named: str) -> list[Size]:
    try:
        return sorted({Size(name.strip()) for name in named.split(",")}, key=list(Size).index)
    except ValueError as wrong:
        raise click.UsageError(f"There are the sizes {', '.join(Size)}: {wrong}") from wrong


def measure(sizes: Sequence[Size], *, only: str, extent: Extent) -> Results:
    """Return what was measured on each of the sizes, the smallest first."""
    measured = [measure_size(size, only=only, extent=extent) for size in sizes]
    return Results(measured_on=clock.today().isoformat(), machine=description(), sizes=measured)


if __name__ == "__main__":
    main(prog_name="python -m benchmarks")
