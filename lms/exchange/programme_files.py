"""A programme version as a file, in each format that there is; and the empty workbook to begin with."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from lms.core.words import _, _l, in_language
from lms.curriculum.models import ProgrammeVersion
from lms.curriculum.queries import document_of, latest_scales, scales_document, vocabulary_document
from lms.curriculum.schemas.writing import as_json, as_yaml
from lms.exchange.case.writing import written as written_as_case
from lms.exchange.moodle.from_programmes import moodle_of_programme
from lms.exchange.package_files import PackageFile, name_of
from lms.exchange.queries.programmes import package_of_version
from lms.exchange.queries.wholes import lists_for, whole_of
from lms.exchange.xlsx.writing import workbook_of

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FIRST_SCALE = "nl-bekwaamheid-5"
"""The scale that an empty workbook begins with: the one of the field in the Netherlands."""

FIRST_DAY = datetime.fromisoformat("2026-01-01T00:00:00+00:00")
"""What an empty workbook is dated, so that the same one has the same bytes every time."""


@dataclass(frozen=True, slots=True)
class Format:
    """A format: what it is called, how its files end, and what writes them for a site at that address."""

    title: object
    ending: str
    media_type: str
    write: Callable[[Session, ProgrammeVersion, str], bytes]


def _yaml(session: Session, version: ProgrammeVersion, _site: str) -> bytes:
    return as_yaml(document_of(session, version.id))


def _json(session: Session, version: ProgrammeVersion, _site: str) -> bytes:
    return as_json(document_of(session, version.id))


def _xlsx(session: Session, version: ProgrammeVersion, _site: str) -> bytes:
    data = document_of(session, version.id)
    lists = lists_for(session, data["programme"]["default_scale"]["id"])
    about = f"{in_language(version.title)}, {version.version}"
    return workbook_of(data, lists, about=about, at=version.loaded_at)


def _case(session: Session, version: ProgrammeVersion, site: str) -> bytes:
    return written_as_case(package_of_version(session, version, base=site))


def _moodle(session: Session, version: ProgrammeVersion, _site: str) -> bytes:
    return moodle_of_programme(whole_of(session, version))


FORMATS: Mapping[str, Format] = {
    "xlsx": Format(_l("Workbook (XLSX)"), "xlsx", XLSX, _xlsx),
    "yaml": Format("YAML", "yaml", "application/yaml; charset=utf-8", _yaml),
    "json": Format("JSON", "json", "application/json", _json),
    "case": Format("CASE", "case.json", "application/json", _case),
    "moodle": Format("Moodle", "csv", "text/csv; charset=utf-8", _moodle),
}
"""The formats in which a programme can be taken away, in the order in which they are offered."""


def programme_file(session: Session, version: ProgrammeVersion, to: str, *, site: str) -> PackageFile:
    """Return a version as a file of that format, its texts in the reader's language where the format has but one."""
    one = FORMATS[to]
    name = name_of(f"{version.programme.key} {version.version}")
    return PackageFile(f"{name}.{one.ending}", one.media_type, one.write(session, version, site))


SHARED = ("scales.yaml", "scales.json", "vocabulary.yaml", "vocabulary.json")
"""The files that all programmes share, in each way in which they are written."""

_DOCUMENTS = {"scales": scales_document, "vocabulary": vocabulary_document}
_WRITTEN = {"yaml": as_yaml, "json": as_json}


def shared_file(session: Session, name: str, ending: str) -> PackageFile:
    """Return the scales or the vocabulary as a file, in YAML or in JSON."""
    content = _WRITTEN[ending](_DOCUMENTS[name](session))
    return PackageFile(f"{name}.{ending}", FORMATS[ending].media_type, content)


def empty_workbook(session: Session) -> PackageFile:
    """Return the workbook in which somebody can write a new programme down without being on line."""
    scale = latest_scales(session)[FIRST_SCALE]
    data = {"programme": {"version": "1", "default_scale": {"id": scale.key, "version": scale.version}}}
    content = workbook_of(data, lists_for(session, scale.key), about=_("A new programme"), at=FIRST_DAY)
    return PackageFile(f"{name_of(_('programme'))}.xlsx", XLSX, content)
