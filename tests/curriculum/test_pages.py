"""The pages on programmes and EPAs."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from competencies.catalogue import programme_files
from lms.accounts.models import User
from lms.curriculum import queries
from lms.curriculum.models import Epa
from tests.factories import make_user
from tests.pages import Browser

ClientOf = Callable[[User | None], Browser]


@pytest.fixture(params=["nl", "en"])
def browser(request: pytest.FixtureRequest, session: Session, client_of: ClientOf) -> Browser:
    return client_of(make_user(session, language=request.param))


@pytest.mark.parametrize("key", programme_files())
def test_every_programme_and_each_of_its_epas_has_a_page(key: str, browser: Browser, session: Session) -> None:
    version = queries.latest_version_of(session, key)
    assert version is not None
    page = browser.get(f"/programmes/{version.id}")
    assert page.heading in version.title.values()
    for epa_id, title in session.execute(select(Epa.id, Epa.title).where(Epa.programme_version_id == version.id)):
        assert browser.get(f"/epas/{epa_id}").heading in title.values()
