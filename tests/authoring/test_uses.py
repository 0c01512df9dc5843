"""What is in use stays, and the page says where with a link: for every kind of part and row that something names."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.accounts.models import User
from lms.authoring import actions
from lms.authoring.documents import key_of
from lms.authoring.editing.rows import at
from lms.authoring.models import Draft, DraftPart
from lms.authoring.uses import uses_of, uses_of_row
from tests.factories import NOW, Ward
from tests.pages import Browser

ClientOf = Callable[[User | None], Browser]

DECLARATION = {"kind": "declaration", "epa": "first", "scope": {"how": ["oral", "drip"]}}
DOCUMENT: dict[str, Any] = {
    "programme": {"key": "p", "tracks": [{"key": "adult", "title": {"nl": "Volwassenen"}}], "sources": ["law"]},
    "sources": {"law": "https://example.org/law", "spare": "https://example.org/spare"},
    "stages": [{"key": "end", "title": {"nl": "Einde"}}, {"key": "spare", "title": {"nl": "Over"}}],
    "forms": [{"key": "round", "title": {"nl": "Ronde"}}, {"key": "spare", "title": {"nl": "Over"}}],
    "placements": [{"key": "ward", "title": {"nl": "Afdeling"}}],
    "modules": [{"key": "basics", "title": {"nl": "Basis"}, "tracks": ["adult"], "part": "one", "stage": "end"}],
    "learning_activities": [{"key": "exam", "title": {"nl": "Toets"}}],
    "phases": [{"key": "a", "title": {"nl": "A"}, "epas": ["first"]}, {"key": "b", "requires": ["a"]}],
    "cohort": {
        "parts": [{"key": "one", "title": {"nl": "Deel 1"}}],
        "deliverables": [{"key": "poster", "title": {"nl": "Poster"}}],
    },
    "frameworks": [
        {
            "id": "own",
            "title": {"nl": "Eigen raamwerk"},
            "dimensions": [{"id": "head", "title": {"nl": "Hoofd"}}],
            "levels": [{"id": "deep", "title": {"nl": "Diep"}}],
            "domains": [
                {
                    "id": "care",
                    "title": {"nl": "Zorg"},
                    "dimensions": ["head"],
                    "elements": [{"id": "listen", "title": {"nl": "Luisteren"}}],
                    "indicators": [{"level": "deep"}],
                }
            ],
        }
    ],
    "crosswalk": [{"from_framework": "own", "from_domain": "care", "to": {}}],
    "epas": [
        {
            "key": "first",
            "title": {"nl": "Eerste"},
            "tracks": ["adult"],
            "competencies": {"own": ["care", "listen"]},
            "required_levels": [{"stage": "end", "level": "4"}],
            "scope": [
                {
                    "key": "how",
                    "title": {"nl": "Hoe"},
                    "options": [{"key": key, "title": {"nl": key}} for key in ("oral", "drip", "spare")],
                    "rules": [{"if_selected": "oral", "then_requires": ["drip"]}],
                }
            ],
            "evidence": [{"form": "round"}, {"kind": "placement", "placement": "ward"}],
        },
        {
            "key": "second",
            "title": {"nl": "Tweede"},
            "parent": "first",
            "competencies": {},
            "evidence": [
                {"kind": "all_of", "of": [DECLARATION]},
                {"kind": "products", "products": ["poster"]},
                {"kind": "tests", "tests": ["exam"]},
                {"kind": "sessions", "modules": ["basics"]},
            ],
        },
    ],
}


@pytest.mark.parametrize(
    ("section", "key", "least"),
    [
        ("epas", "first", 3),
        ("stages", "end", 2),
        ("forms", "round", 1),
        ("placements", "ward", 1),
        ("modules", "basics", 1),
        ("learning_activities", "exam", 1),
        ("phases", "a", 1),
        ("frameworks", "own", 2),
        ("stages", "spare", 0),
        ("forms", "spare", 0),
        ("epas", "second", 0),
        ("phases", "b", 0),
    ],
)
def test_a_part_knows_where_it_is_named(section: str, key: str, least: int) -> None:
    assert len(uses_of(DOCUMENT, section, key)) == least


ROWS: Sequence[tuple[str, int, tuple[str | int, ...], set[str]]] = [
    ("programme", 0, ("tracks", 0), {"epas", "modules"}),
    ("sources", 0, (0,), {"programme"}),
    ("sources", 0, (1,), set()),
    ("cohort", 0, ("parts", 0), {"modules"}),
    ("cohort", 0, ("deliverables", 0), {"epas"}),
    ("frameworks", 0, ("dimensions", 0), {"frameworks"}),
    ("frameworks", 0, ("levels", 0), {"frameworks"}),
    ("frameworks", 0, ("domains", 0), {"epas", "crosswalk"}),
    ("frameworks", 0, ("domains", 0, "elements", 0), {"epas"}),
    ("epas", 0, ("scope", 0), {"epas"}),
    ("epas", 0, ("scope", 0, "options", 0), {"epas"}),
    ("epas", 0, ("scope", 0, "options", 1), {"epas"}),
    ("epas", 0, ("scope", 0, "options", 2), set()),
    ("epas", 0, ("evidence", 0), set()),
    ("epas", 9, ("scope", 0), set()),
    ("epas", 0, ("scope", 9, "options", 9), set()),
]


@pytest.mark.parametrize(("section", "number", "path", "where"), ROWS)
def test_a_row_of_a_part_knows_where_it_is_named(
    section: str, number: int, path: tuple[str | int, ...], where: set[str]
) -> None:
    assert {use.section for use in uses_of_row(DOCUMENT, section, number, path)} == where


def written(session: Session, ward: Ward) -> Draft:
    return actions.start_draft(session, DOCUMENT, based_on=None, owner=ward.organisation.id, by=ward.lead, at=NOW)


def first_of(session: Session, draft: Draft, section: str) -> DraftPart:
    parts = select(DraftPart).where(DraftPart.draft_id == draft.id, DraftPart.section == section)
    return session.scalars(parts.order_by(DraftPart.position)).all()[0]


def named_at(part: DraftPart, path: tuple[str | int, ...]) -> str:
    """Return the key of the row at a path of a part."""
    return str(next(iter(part.data))) if part.section == "sources" else key_of(at(part.data, path))


USED = [(section, number, path) for section, number, path, where in ROWS if where]


@pytest.mark.parametrize(("section", "_number", "path"), USED)
def test_a_row_that_is_used_stays_and_the_page_links_to_every_place(
    section: str, _number: int, path: tuple[str | int, ...], session: Session, client_of: ClientOf
) -> None:
    ward = Ward(session)
    draft, browser = written(session, ward), client_of(ward.lead)
    part = first_of(session, draft, section)
    before = named_at(part, path)
    page = browser.get(f"/drafts/{draft.id}/parts/{part.id}")
    answer = browser.send(page, {"do": f"remove:{'.'.join(map(str, path))}"}, status=409)
    assert "It is used, so it stays" in answer.text
    places = [link for link in answer.links() if "open=" in link]
    assert places
    for place in places:
        browser.get(place.partition("#")[0])
    session.refresh(part)
    assert named_at(part, path) == before


def test_a_row_that_nothing_names_is_taken_out(session: Session, client_of: ClientOf) -> None:
    ward = Ward(session)
    draft, browser = written(session, ward), client_of(ward.lead)
    epa = first_of(session, draft, "epas")
    browser.send(browser.get(f"/drafts/{draft.id}/parts/{epa.id}"), {"do": "remove:scope.0.options.2"})
    session.refresh(epa)
    assert [one["key"] for one in epa.data["scope"][0]["options"]] == ["oral", "drip"]


@pytest.mark.parametrize("section", ["epas", "stages", "forms", "placements", "modules", "learning_activities"])
def test_a_part_that_is_used_stays_and_the_page_links_to_every_place(
    section: str, session: Session, client_of: ClientOf
) -> None:
    ward = Ward(session)
    draft, browser = written(session, ward), client_of(ward.lead)
    part = first_of(session, draft, section)
    address = f"/drafts/{draft.id}/parts/{part.id}/removal"
    page = browser.get(address)
    for place in [link for link in page.links() if "open=" in link]:
        browser.get(place.partition("#")[0])
    assert any("open=" in link for link in page.links())
    browser.post(address, status=409)
    assert first_of(session, draft, section).id == part.id
