"""Loading: the same content changes nothing, a version is loaded once, a wrong file is refused whole."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from flask_babel import force_locale
from sqlalchemy import func, select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from competencies.catalogue import FOLDER, catalogue_files
from competencies.errors import RuleBroken
from lms.core.audit import AuditEntry, trail_of
from lms.curriculum import queries
from lms.curriculum.actions import load_catalogue, load_files, load_programme, load_scales, load_vocabulary
from lms.curriculum.models import (
    AssessmentInstrument,
    Epa,
    EpaReference,
    Framework,
    Programme,
    ProgrammeVersion,
    RatingScale,
    VocabularyTerm,
)
from lms.curriculum.schemas.problems import CurriculumRefused
from lms.curriculum.schemas.source import Document, read
from tests.factories import NOW, make_user


@pytest.fixture(autouse=True)
def english(session: Session) -> Iterator[None]:
    with force_locale("en"):
        yield


def file_with(name: str, *changes: tuple[str, str]) -> Document:
    """Return a file of the catalogue with some of its texts replaced."""
    content = (FOLDER / f"{name}.yaml").read_text()
    for old, new in changes:
        assert old in content
        content = content.replace(old, new)
    return read(content.encode(), name=f"{name}.yaml")


def rows_of(session: Session) -> dict[str, int]:
    names = session.scalars(text("SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'"))
    return {name: session.scalar(text(f'SELECT count(*) FROM "{name}"')) or 0 for name in names}


NEWER = ("version: 2026.1-draft", "version: 2026.2-draft")


def test_loading_the_catalogue_again_changes_nothing(session: Session) -> None:
    before = rows_of(session)
    summary = load_catalogue(session, by=None, at=NOW)
    session.flush()
    assert summary.loaded == ()
    assert set(summary.unchanged) == set(catalogue_files())
    assert rows_of(session) == before


def test_a_changed_file_under_the_same_version_is_refused(session: Session) -> None:
    with pytest.raises(RuleBroken) as broken:
        load_programme(session, file_with("opleiders", ("min: 6, max: 9", "min: 7, max: 9")), by=None, at=NOW)
    assert broken.value.code == "version_published"
    assert broken.value.facts == {"name": "opleiders", "version": "2026.1-draft"}


def test_a_new_version_stands_beside_the_old_one(session: Session) -> None:
    old = queries.latest_version_of(session, "opleiders")
    loaded = load_programme(session, file_with("opleiders", NEWER), by=None, at=NOW)
    new = queries.latest_version_of(session, "opleiders")
    assert old
    assert new
    assert loaded.is_new
    assert loaded.version_id == new.id != old.id
    assert new.programme_id == old.programme_id
    assert [epa.epa.key for epa in queries.epas_of_version(session, old.id)] == ["train-01", "train-02", "train-03"]
    assert queries.document_of(session, old.id)["programme"]["version"] == "2026.1-draft"


def test_a_new_version_of_a_programme_leaves_the_references_of_others_where_they_were(session: Session) -> None:
    before = set(session.scalars(select(EpaReference.epa_id)))
    load_programme(session, file_with("medisch-leiderschap", NEWER), by=None, at=NOW)
    imagine = load_programme(session, file_with("imagine2", NEWER), by=None, at=NOW)
    newer = queries.epas_of_version(session, imagine.version_id)
    assert before <= set(session.scalars(select(EpaReference.epa_id)))
    assert not before & {one.epa.id for one in newer}
    assert [one.epa.key for one in newer] == ["lead-03", "lead-06", "lead-07", "lead-08"]


def test_a_loaded_version_is_in_the_trail_of_its_programme(session: Session) -> None:
    user = make_user(session)
    loaded = load_programme(session, file_with("opleiders", NEWER), by=user.id, at=NOW)
    programme = session.scalars(select(Programme).where(Programme.key == "opleiders")).one()
    first, second = trail_of(session, subject=programme.id)
    assert (first.action, second.action) == ("programme.version_loaded", "programme.version_loaded")
    assert (second.actor_id, second.target_id) == (user.id, loaded.version_id)
    assert second.facts["after"]["epas"] == 3


def test_a_wrong_file_leaves_nothing_behind(session: Session) -> None:
    before = session.scalar(select(func.count()).select_from(ProgrammeVersion))
    wrong = file_with("opleiders", NEWER, ("form: kpb-leadership", "form: nothing"))
    with pytest.raises(CurriculumRefused):
        load_programme(session, wrong, by=None, at=NOW)
    assert session.scalar(select(func.count()).select_from(ProgrammeVersion)) == before


def test_files_are_loaded_in_the_order_in_which_they_need_one_another(session: Session) -> None:
    names = ("imagine2", "opleiders", "medisch-leiderschap", "academic-alliance")
    load_files(session, [file_with(name, NEWER) for name in names], by=None, at=NOW)
    leading = queries.latest_version_of(session, "medisch-leiderschap")
    assert leading
    for name in ("imagine2", "academic-alliance"):
        version = queries.latest_version_of(session, name)
        assert version
        homes = {one.epa.programme_version_id for one in queries.epas_of_version(session, version.id)}
        assert homes == {leading.id}


def test_programmes_that_use_one_another_in_a_circle_are_refused(session: Session) -> None:
    first = file_with("opleiders", NEWER, ("form: kpb-leadership", "form: from-lead"))
    own = first.data | {"forms": [{**FORM, "key": "from-opleiders"}]}
    lead = file_with(
        "medisch-leiderschap", NEWER, ("kpb-leadership", "from-lead"), ("form: qi-rubric", "form: from-opleiders")
    )
    with pytest.raises(CurriculumRefused, match="in a circle"):
        load_files(session, [Document("opleiders.yaml", own, first.lines), lead], by=None, at=NOW)


FORM: dict[str, Any] = {
    "title": {"nl": "Formulier", "en": "Form"},
    "instrument": "product",
    "scale": "rubric-3",
    "items": [],
    "rater_groups": [],
    "release_rule": None,
    "duration_min": None,
    "provenance": "draft",
    "sources": [],
    "note": None,
}


def test_a_scale_that_changes_needs_a_new_version(session: Session) -> None:
    wording = ("{nl: Observeren, en: Observes}", "{nl: Kijken, en: Observes}")
    with pytest.raises(RuleBroken, match="version_published"):
        load_scales(session, file_with("scales", wording), by=None, at=NOW)


def test_a_new_version_of_a_scale_leaves_the_old_one_as_it_was(session: Session) -> None:
    document = file_with("scales")
    first = document.data["scales"][0]
    changed = first | {"version": 2, "title": {"nl": "Niveaus", "en": "Levels"}}
    data = document.data | {"scales": [*document.data["scales"], changed]}
    assert load_scales(session, Document("scales.yaml", data, document.lines), by=None, at=NOW)
    newest = queries.latest_scale(session, "nl-bekwaamheid-5")
    assert newest
    assert (newest.version, newest.title["en"]) == (2, "Levels")
    assert session.scalar(select(func.count()).select_from(RatingScale)) == 5
    versions = set(session.scalars(select(RatingScale.version).join(Epa, Epa.scale_id == RatingScale.id)))
    assert versions == {1}


def test_words_may_change_and_keys_may_come(session: Session) -> None:
    change = file_with(
        "vocabulary",
        ("nl: Casusbespreking,", "nl: Bespreking van een casus,"),
        ("session_formats:\n", "session_formats:\n  - {key: walk, title: {nl: Wandeling, en: Walk}}\n"),
    )
    assert load_vocabulary(session, change, by=None, at=NOW)
    words = queries.vocabulary(session)
    assert words.title("instruments", "cbd")["nl"] == "Bespreking van een casus"
    assert words.title("session_formats", "walk") == {"nl": "Wandeling", "en": "Walk"}
    assert queries.vocabulary_document(session) == change.data
    recorded = session.scalars(select(AuditEntry).where(AuditEntry.action == "vocabulary.loaded")).all()
    assert len(recorded) == 2
    assert recorded[-1].facts["before"] != recorded[-1].facts["after"]


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("  - {key: plenary, title: {nl: Plenaire bijeenkomst, en: Plenary}}\n", "", "vocabulary_key_gone"),
        ("result: pass_fail", "result: narrative", "instrument_meaning"),
        ("direct_observation: true", "direct_observation: false", "instrument_meaning"),
        ("{nl: Communicatie, en: Communication}", "{nl: Praten, en: Talking}", "version_published"),
    ],
)
def test_what_programmes_stand_on_may_not_change(old: str, new: str, code: str, session: Session) -> None:
    with pytest.raises(RuleBroken) as broken:
        load_vocabulary(session, file_with("vocabulary", (old, new)), by=None, at=NOW)
    assert broken.value.code == code


def test_a_new_version_of_the_shared_framework_stands_beside_the_old_one(session: Session) -> None:
    framework = (
        ("id: canmeds-nl\n  version: 1", "id: canmeds-nl\n  version: 2"),
        ("{nl: Communicatie, en: Communication}", "{nl: Praten, en: Talking}"),
    )
    load_vocabulary(session, file_with("vocabulary", *framework), by=None, at=NOW)
    shared = select(Framework.version).where(Framework.programme_version_id.is_(None)).order_by(Framework.version)
    assert list(session.scalars(shared)) == ["1", "2"]


def test_the_database_keeps_versions_and_levels_apart(session: Session) -> None:
    version = queries.latest_version_of(session, "opleiders")
    assert version
    with pytest.raises(IntegrityError, match="uq_programme_versions_programme_id_version"):
        session.execute(
            text(
                "INSERT INTO programme_versions "
                "SELECT (jsonb_populate_record(v, jsonb_build_object('id', gen_random_uuid()))).* "
                "FROM programme_versions v WHERE id = :id"
            ),
            {"id": version.id},
        )


def test_a_required_level_must_be_a_level_of_a_scale(session: Session) -> None:
    with pytest.raises(IntegrityError, match="fk_required_levels_scale_id_level_code"):
        session.execute(text("UPDATE required_levels SET level_code = '9'"))


def test_the_vocabulary_is_whole(session: Session) -> None:
    assert session.scalar(select(func.count()).select_from(AssessmentInstrument)) == 16
    assert session.scalar(select(func.count(VocabularyTerm.kind.distinct()))) == 15
