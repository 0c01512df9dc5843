"""The index is what the curriculum says: filled where a programme is loaded, checked and made anew by a command."""

from __future__ import annotations

from uuid import UUID

import pytest
from click.testing import CliRunner
from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from lms.curriculum.actions import load_programme
from lms.curriculum.models import CompetencyDomain, Epa, ProgrammeVersion
from lms.search.actions import differences, index_again, index_missing, open_entry, rebuild
from lms.search.commands import search
from lms.search.entries import Findable
from lms.search.folding import code_parts, fold, written_words
from lms.search.models import EntryKind, SearchEntry, SearchWord
from lms.search.queries import corrected
from lms.search.questions import question_of
from tests.curriculum.test_loading import NEWER, file_with
from tests.factories import NOW


def counted(session: Session, model: type, *where: object) -> int:
    return session.scalar(select(func.count()).select_from(model).where(*where)) or 0  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Patiënt", "patient"),
        ("LZ-ONC-2", "lz onc 2"),
        ("EPA’s", "epa s"),
        ("mbo/hbo", "mbo hbo"),
        ("ŒUVRE ﬁn", "œuvre fin"),
        ("cafe\u0301", "cafe"),
        ("<b>'|&", " b    "),
    ],
)
def test_words_are_folded_to_letters_and_numbers(text: str, folded: str) -> None:
    assert fold(text) == folded


def test_a_code_is_found_from_the_start_of_each_of_its_parts() -> None:
    assert code_parts("LZ-ONC-2", None, "onc-k2") == ["2", "k2", "lzonc2", "onc2", "onck2"]


def test_words_are_kept_folded_and_as_they_are_written() -> None:
    assert list(written_words("De Patiënt, 12 ﷺ")) == [
        ("de", "de"),
        ("patient", "patiënt"),
        ("12", "12"),
        *[(word, "ﷺ") for word in fold("ﷺ").split()],
    ]


def test_everything_that_is_loaded_has_its_entry(session: Session) -> None:
    for kind, model in (
        (EntryKind.PROGRAMME, ProgrammeVersion),
        (EntryKind.EPA, Epa),
        (EntryKind.COMPETENCY, CompetencyDomain),
    ):
        assert counted(session, SearchEntry, SearchEntry.kind == kind) == counted(session, model) > 0
    assert differences(session) == 0


def test_a_new_version_is_added_once(session: Session) -> None:
    load_programme(session, file_with("opleiders", NEWER), by=None, at=NOW)
    assert index_missing(session) == 4
    assert index_missing(session) == 0
    assert differences(session) == 0


def test_a_wrong_a_missing_and_a_superfluous_entry_are_seen_and_put_right(session: Session) -> None:
    first, second = session.scalars(select(SearchEntry.target_id).where(SearchEntry.kind == EntryKind.EPA).limit(2))
    session.execute(delete(SearchEntry).where(SearchEntry.target_id == first))
    session.execute(update(SearchEntry).where(SearchEntry.target_id == second).values(dutch_text="iets anders"))
    session.execute(delete(SearchWord).where(SearchWord.word == "behandelfase"))
    session.flush()
    checked = CliRunner().invoke(search, ["check"])
    assert (checked.exit_code, checked.stderr) == (
        1,
        "3 entries and words differ from the curriculum: run bekwaam search rebuild.\n",
    )
    rebuilt = CliRunner().invoke(search, ["rebuild"], catch_exceptions=False)
    assert rebuilt.stdout == "Made the index anew; 3 entries and words were different.\n"
    assert CliRunner().invoke(search, ["check"]).stdout == "The index says what the curriculum says.\n"
    assert counted(session, SearchWord) > 1000


def package(words: str, *, is_open: bool) -> Findable:
    """Return a package of somebody, as it is indexed."""
    return Findable(
        kind=EntryKind.PACKAGE,
        target_id=PACKAGE,
        programme_version_id=None,
        title={"nl": words},
        place={},
        summary=[],
        text=[],
        place_id=PACKAGE,
        is_open=is_open,
    )


PACKAGE = UUID(int=7)
XYLOPHONE = question_of("xilofoonwoord")


def test_words_of_what_was_replaced_are_no_difference_and_go_when_the_index_is_made_anew(session: Session) -> None:
    assert XYLOPHONE
    index_again(session, package("Xylofoonwoord", is_open=True))
    assert corrected(session, XYLOPHONE) == "xylofoonwoord"
    index_again(session, package("Anderswoord", is_open=True))
    assert differences(session) == 0
    rebuild(session)
    assert corrected(session, XYLOPHONE) is None


def test_words_that_are_of_nobody_else_are_suggested_once_their_package_is_open(session: Session) -> None:
    assert XYLOPHONE
    index_again(session, package("Xylofoonwoord", is_open=False))
    assert corrected(session, XYLOPHONE) is None
    assert differences(session) == 0
    open_entry(session, PACKAGE, is_open=True)
    assert corrected(session, XYLOPHONE) == "xylofoonwoord"
    open_entry(session, PACKAGE, is_open=False)
    rebuild(session)
    assert (corrected(session, XYLOPHONE), differences(session)) == (None, 0)
