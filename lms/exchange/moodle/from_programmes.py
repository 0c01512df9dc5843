"""A programme as a framework for Moodle: its EPAs on their scales, and the competencies that they name, referred to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from html import escape
from typing import Any

from lms.core.db import Words
from lms.core.words import _, in_language
from lms.exchange.moodle.csv_text import written
from lms.exchange.moodle.html import html_of
from lms.exchange.moodle.rows import TAXONOMY, TITLES, Row, name_of
from lms.exchange.moodle.scales import Scale
from lms.exchange.wholes import Whole

Data = Mapping[str, Any]


def moodle_of_programme(whole: Whole) -> bytes:
    """Return the file of a programme version for Moodle, in the reader's language."""
    return written((TITLES, *rows_of(whole))).encode()


def rows_of(whole: Whole) -> list[Row]:
    """Return the row of the programme, those of its EPAs and those of the competencies that they name."""
    programme = whole.document["programme"]
    usual = scale_of(whole.scale(programme["default_scale"]))
    top = Row(
        parent="",
        idnumber=f"{programme['key']} {programme['version']}",
        short_name=name_of(in_language(programme["title"])),
        description=html_of(in_language(programme["summary"])),
        scale_values=usual.values,
        scale_configuration=usual.configuration,
        is_framework="1",
        taxonomy=TAXONOMY,
    )
    epas = [_epa_row(epa, whole, usual) for epa in whole.epas]
    return [top, *epas, *_area_rows(whole)]


def scale_of(block: Data) -> Scale:
    """Return a scale of the catalogue for Moodle: where nothing is chosen, the level that entrusts; that is enough."""
    levels = sorted(block["levels"], key=lambda level: level["rank"])
    entrusting = [number for number, level in enumerate(levels, start=1) if level["entrusted"]] or [len(levels)]
    names = tuple(in_language(level["title"]) for level in levels)
    return Scale(_told_apart(names, levels), entrusting[0], frozenset(entrusting))


def _told_apart(names: Sequence[str], levels: Sequence[Data]) -> tuple[str, ...]:
    """Return the names of levels with their codes: that is how people know them, and no two are the same."""
    return tuple(f"{level['code']} {name}" for name, level in zip(names, levels, strict=True))


def _epa_row(epa: Data, whole: Whole, usual: Scale) -> Row:
    scale = scale_of(whole.scale(epa["scale"])) if epa["scale"] else usual
    own = scale != usual
    return Row(
        parent=epa.get("parent", ""),
        idnumber=epa["key"],
        short_name=name_of(_title(epa)),
        description="".join(_description(epa)),
        scale_values=scale.values if own else "",
        scale_configuration=scale.configuration if own else "",
        related=",".join(f"{framework}/{key}" for framework, keys in epa["competencies"].items() for key in keys),
    )


def _title(epa: Data) -> str:
    """Return the code and the title of an EPA; a code that is only a proposal says so."""
    title = in_language(epa["title"])
    if epa["official_code"]:
        return f"{epa['official_code']} {title}"
    return _("%(code)s (concept) %(title)s", code=epa["local_code"], title=title)


def _description(epa: Data) -> Iterator[str]:
    """Yield the parts of the full description that a framework of Moodle has no column for."""
    parts = epa["description"]
    yield from _part(_("Specification"), parts["specification"])
    yield from _list(_("Activities"), parts.get("activities"))
    yield from _part(_("Limitations"), parts["limitations"])
    yield from _part(_("Risks if it goes wrong"), parts["risks"])
    for heading, name in (
        (_("Knowledge"), "knowledge"),
        (_("Skills"), "skills"),
        (_("Attitudes"), "attitudes"),
        (_("Experience"), "experience"),
    ):
        yield from _list(heading, parts[name])
    yield from _part(_("Sources for progress"), parts["information_sources"]["progress"])
    yield from _part(_("Sources for the decision"), parts["information_sources"]["decision"])
    if epa["validity"]:
        months = _("%(num)s months", num=epa["validity"]["months"])
        yield f"<h4>{_('Expiry')}</h4>{html_of(months)}{html_of(in_language(epa['validity']['renewal']))}"


def _part(heading: str, text: Words) -> Iterator[str]:
    yield f"<h4>{escape(heading)}</h4>{html_of(in_language(text))}"


def _list(heading: str, texts: Mapping[str, Any] | None) -> Iterator[str]:
    items = in_language(texts)
    if items:
        yield f"<h4>{escape(heading)}</h4><ul>{''.join(f'<li>{escape(one, quote=False)}</li>' for one in items)}</ul>"


def _area_rows(whole: Whole) -> Iterator[Row]:
    """Yield each framework that an EPA names, with the areas of it that are named."""
    named: dict[str, dict[str, None]] = {}
    for epa in whole.epas:
        for framework, keys in epa["competencies"].items():
            named.setdefault(framework, {}).update(dict.fromkeys(keys))
    for framework, keys in named.items():
        yield Row(parent="", idnumber=framework, short_name=name_of(whole.area(framework, "")))
        for key in keys:
            yield Row(parent=framework, idnumber=f"{framework}/{key}", short_name=name_of(whole.area(framework, key)))
