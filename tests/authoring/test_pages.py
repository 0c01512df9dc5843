"""The pages on which programmes are written."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.accounts.models import User
from lms.authoring import actions
from lms.authoring.models import Draft, DraftPart
from lms.curriculum.queries import document_of
from tests.factories import NOW, Ward, programme_version
from tests.pages import Browser

ClientOf = Callable[[User | None], Browser]


def draft_of(session: Session, ward: Ward, key: str = "oncologieverpleegkundige") -> Draft:
    version = programme_version(session, key)
    return actions.start_draft(
        session,
        document_of(session, version.id),
        based_on=version.id,
        owner=ward.organisation.id,
        by=ward.lead,
        at=NOW,
    )


def parts_of(session: Session, draft: Draft, section: str | None = None) -> list[DraftPart]:
    parts = session.scalars(select(DraftPart).where(DraftPart.draft_id == draft.id).order_by(DraftPart.position))
    return [part for part in parts if section in {None, part.section}]


@pytest.mark.parametrize("key", ["oncologieverpleegkundige", "imagine2"])
def test_every_part_of_a_shipped_programme_can_be_opened_and_stored_as_it_is(
    key: str, session: Session, client_of: ClientOf
) -> None:
    ward = Ward(session)
    draft, browser = draft_of(session, ward, key), client_of(ward.lead)
    for part in parts_of(session, draft):
        before = part.data
        page = browser.get(f"/drafts/{draft.id}/parts/{part.id}")
        answer = browser.answered("POST", page.path, data=page.filled(page.form(), {}))
        session.refresh(part)
        assert (answer.status_code, part.data, part.revision) == (302, before, 1)


def test_a_framework_can_be_stored_as_it_is(session: Session, client_of: ClientOf) -> None:
    ward = Ward(session)
    draft, browser = draft_of(session, ward, "medisch-leiderschap"), client_of(ward.lead)
    for part in [*parts_of(session, draft, "frameworks"), *parts_of(session, draft, "crosswalk")[:2]]:
        browser.send(browser.get(f"/drafts/{draft.id}/parts/{part.id}"))
        session.refresh(part)
        assert part.revision == 1
