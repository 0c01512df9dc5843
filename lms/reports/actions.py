"""What reports write: that somebody took one away."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from lms.core.audit import record
from lms.reports.formats import Format
from lms.reports.tables import Table


def note_export(
    session: Session,
    cohort_id: UUID,
    table: Table,
    *,
    to: Format,
    filters: Mapping[str, str],
    by: UUID | None,
    at: datetime,
) -> None:
    """Note in the cohort's audit chain who took its report away, in which format, with which filters.

    An auditor, who reads and never writes, may take a report away as well: this entry is not written by the reader but
    by the system, about the reader. `by` is null for the operator of the installation.
    """
    facts = {"report": table.key, "format": to, "on": table.about.on, "rows": len(table.rows), "filters": dict(filters)}
    record(session, "report.exported", subject=cohort_id, by=by, at=at, after=facts)
