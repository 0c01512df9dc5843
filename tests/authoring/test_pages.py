"""The pages on which programmes are written."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from competencies.people import Role
from lms.accounts.models import User
from lms.authoring import actions
from lms.authoring.models import Draft, DraftPart
from lms.curriculum.models import ProgrammeVersion
from lms.curriculum.queries import document_of
from tests.factories import NOW, Ward, person_with, programme_version
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


def test_the_pages_ask_the_database_a_bounded_number_of_questions(
    session: Session, client_of: ClientOf, statements: list[str]
) -> None:
    ward = Ward(session)
    draft, browser = draft_of(session, ward, "functielaborant"), client_of(ward.lead)
    (part,) = [one for one in parts_of(session, draft, "epas") if one.position == 1]
    most = {"": 9, f"/parts/{part.id}": 8, "/history": 4, "/comparison": 10}
    took = {path: asked(session, browser, statements, f"/drafts/{draft.id}{path}") for path in most}
    assert [path for path in most if took[path] > most[path]] == [], took


def test_the_pages_of_a_review_ask_the_database_a_bounded_number_of_questions(
    session: Session, client_of: ClientOf, statements: list[str]
) -> None:
    ward = Ward(session)
    draft = draft_of(session, ward, "functielaborant")
    reviewer = person_with(session, Role.PROGRAMME_LEAD, ward.organisation)
    actions.submit_draft(session, draft, problems=0, by=ward.lead, at=NOW)
    browser, most = client_of(reviewer), {"": 10, "/review": 14, "/publication": 9}
    took = {path: asked(session, browser, statements, f"/drafts/{draft.id}{path}") for path in most}
    assert [path for path in most if took[path] > most[path]] == [], took


def asked(session: Session, browser: Browser, statements: list[str], path: str) -> int:
    """Return how many statements a page takes of a session that knows nothing yet, as one of a visitor does."""
    session.flush()
    session.expunge_all()
    statements.clear()
    browser.get(path)
    return len(statements)


def test_a_part_that_is_used_is_not_taken_out_and_the_page_says_where(session: Session, client_of: ClientOf) -> None:
    ward = Ward(session)
    draft, browser = draft_of(session, ward), client_of(ward.lead)
    stage = parts_of(session, draft, "stages")[0]
    page = browser.get(f"/drafts/{draft.id}/parts/{stage.id}/removal")
    assert "It is used, so it stays" in page.text
    assert "Caring for the patient in the diagnostic phase of cancer" in page.text
    browser.post(page.path, status=409)
    assert stage in parts_of(session, draft, "stages")


def test_an_epa_that_another_programme_uses_stays(session: Session, client_of: ClientOf) -> None:
    ward = Ward(session)
    draft, browser = draft_of(session, ward, "medisch-leiderschap"), client_of(ward.lead)
    epa = next(part for part in parts_of(session, draft, "epas") if part.key == "lead-03")
    page = browser.get(f"/drafts/{draft.id}/parts/{epa.id}/removal")
    assert "the programme IMAGINE2" in page.text


def test_a_part_that_is_taken_out_can_be_put_back(session: Session, client_of: ClientOf) -> None:
    ward = Ward(session)
    draft, browser = draft_of(session, ward), client_of(ward.lead)
    activity = parts_of(session, draft, "learning_activities")[-1]
    key, before = activity.key, activity.data
    page = browser.get(f"/drafts/{draft.id}/parts/{activity.id}/removal")
    browser.send(page)
    assert key not in {part.key for part in parts_of(session, draft, "learning_activities")}
    history = browser.get(f"/drafts/{draft.id}/history")
    removed = next(link for link in history.links() if "/texts/" in link)
    browser.send(browser.get(removed))
    assert next(part for part in parts_of(session, draft, "learning_activities") if part.key == key).data == before


def test_a_wrong_number_keeps_what_was_typed_and_stores_nothing(session: Session, client_of: ClientOf) -> None:
    ward = Ward(session)
    draft, browser = draft_of(session, ward), client_of(ward.lead)
    placement = parts_of(session, draft, "placements")[0]
    page = browser.get(f"/drafts/{draft.id}/parts/{placement.id}")
    refused = browser.send(page, {"min_count": "veel", "title.nl": "Nieuwe titel"}, status=422)
    assert "Use a whole number, such as 3." in refused.text
    assert refused.filled(refused.form(), {})["min_count"] == ["veel"]
    assert refused.filled(refused.form(), {})["title.nl"] == ["Nieuwe titel"]
    session.refresh(placement)
    assert placement.revision == 1


def test_what_is_missing_is_listed_with_a_link_to_its_field(session: Session, client_of: ClientOf) -> None:
    ward = Ward(session)
    draft, browser = draft_of(session, ward), client_of(ward.lead)
    epa = parts_of(session, draft, "epas")[0]
    page = browser.get(f"/drafts/{draft.id}/parts/{epa.id}")
    browser.send(page, {"description.risks.nl": "", "evidence.0.min_count": ""})
    overview = browser.get(f"/drafts/{draft.id}")
    assert "3 things are missing or wrong" in overview.text  # the third: this version is there already
    assert f"/drafts/{draft.id}/parts/{epa.id}#f-description-risks-nl" in overview.links()
    assert f"/drafts/{draft.id}/parts/{epa.id}#f-evidence-0-min_count" in overview.links()
    assert "This may not be empty." in browser.get(f"/drafts/{draft.id}/parts/{epa.id}").text


@pytest.mark.parametrize("language", ["nl", "en"])
def test_a_preview_is_the_page_that_trainees_will_see(language: str, session: Session, client_of: ClientOf) -> None:
    ward = Ward(session)
    ward.lead.language = language
    draft, browser = draft_of(session, ward), client_of(ward.lead)
    epa = parts_of(session, draft, "epas")[0]
    page = browser.get(f"/drafts/{draft.id}/preview")
    assert page.heading == draft.title[language]
    assert f"/drafts/{draft.id}/preview/{epa.id}" in page.links()
    assert browser.get(f"/drafts/{draft.id}/preview/{epa.id}").heading == epa.data["title"][language]


def test_an_unfinished_draft_can_be_previewed_and_nothing_of_the_preview_stays(
    session: Session, client_of: ClientOf
) -> None:
    ward = Ward(session)
    content = {
        "programme": {"title": {"nl": "Nieuw"}, "default_scale": {"id": "nl-bekwaamheid-5", "version": 1}},
        "epas": [{"key": "first", "title": {"nl": "Eerste"}, "functions": ["unheard-of"]}],
    }
    draft = actions.start_draft(session, content, based_on=None, owner=ward.organisation.id, by=ward.lead, at=NOW)
    before = session.scalar(select(func.count()).select_from(ProgrammeVersion))
    assert client_of(ward.lead).get(f"/drafts/{draft.id}/preview").heading == "Nieuw"
    assert session.scalar(select(func.count()).select_from(ProgrammeVersion)) == before


def test_a_script_is_told_the_new_revision_or_where_both_texts_are(session: Session, client_of: ClientOf) -> None:
    ward = Ward(session)
    draft, browser = draft_of(session, ward), client_of(ward.lead)
    stage = parts_of(session, draft, "stages")[0]
    page = browser.get(f"/drafts/{draft.id}/parts/{stage.id}")

    def autosave(title: str) -> TestResponse:
        data = page.filled(page.form(), {"title.nl": title})
        headers = {"Accept": "application/json", "Accept-Language": "en"}
        return browser.client.post(page.path, data=data, headers=headers)

    assert autosave("Halfweg").json == {"message": "Stored at 10:30", "revision": 2}
    late = autosave("Midden")
    assert late.status_code == 409
    assert late.json
    assert "/conflicts/" in late.json["url"]
    assert browser.get(late.json["url"]).text.count("Halfweg") >= 1


def test_the_meter_warns_of_a_form_that_keeps_a_rater_too_long(session: Session, client_of: ClientOf) -> None:
    ward = Ward(session)
    item = {"key": "x", "title": {"nl": "Kijkt rustig naar de zorgvrager", "en": "Looks calmly"}}
    items = [item | {"key": f"item-{number}"} for number in range(9)]
    forms = [{"key": "short", "title": {"nl": "Kort"}, "instrument": "kpb", "items": items[:2]}]
    forms.append(forms[0] | {"key": "long", "items": items})
    draft = actions.start_draft(
        session, {"forms": forms}, based_on=None, owner=ward.organisation.id, by=ward.lead, at=NOW
    )
    browser = client_of(ward.lead)
    short, long = [browser.get(f"/drafts/{draft.id}/parts/{part.id}").text for part in parts_of(session, draft)]
    assert "That fits in the 15 seconds" in short
    assert "That is longer than the 15 seconds" in long


def test_somebody_of_another_hospital_finds_no_draft_and_an_auditor_reads_without_buttons(
    session: Session, client_of: ClientOf
) -> None:
    ward, other = Ward(session), Ward(session)
    draft = draft_of(session, ward)
    client_of(other.lead).get(f"/drafts/{draft.id}", status=404)
    stage = parts_of(session, draft, "stages")[0]
    page = client_of(ward.auditor).get(f"/drafts/{draft.id}/parts/{stage.id}")
    assert page.tree.find(".//form[@class='editor']/fieldset[@disabled]") is not None
    assert "Back to the draft" not in page.text


def test_a_part_that_nobody_wrote_in_yet_shows_nothing_in_red_and_asks_for_no_key(
    session: Session, client_of: ClientOf
) -> None:
    ward = Ward(session)
    draft, browser = draft_of(session, ward), client_of(ward.lead)
    made = browser.post(f"/drafts/{draft.id}/sections/epas")
    assert "This may not be empty." not in made.text
    assert made.tree.find(".//*[@aria-invalid]") is None
    overview = browser.get(f"/drafts/{draft.id}")
    assert f"{made.path}#f-title-nl" in overview.links()
    assert not [link for link in overview.links() if link.endswith(("#f-key", "#f-epas-9-key"))]
    stored = browser.send(made, {"title.nl": "Prikken"})
    assert stored.tree.find(".//*[@aria-invalid]") is not None


def test_a_text_of_the_history_that_is_stored_now_leads_to_its_part(session: Session, client_of: ClientOf) -> None:
    ward = Ward(session)
    draft, browser = draft_of(session, ward), client_of(ward.lead)
    text = next(link for link in browser.get(f"/drafts/{draft.id}/history").links() if "/texts/" in link)
    assert [link for link in browser.get(text).links() if "/parts/" in link]


def test_the_history_says_in_words_what_has_no_title(session: Session, client_of: ClientOf) -> None:
    ward = Ward(session)
    page = client_of(ward.lead).get(f"/drafts/{draft_of(session, ward).id}/history").text
    assert "All EPAs of a type" in page
    assert "all_epas_of_type" not in page


def test_a_version_without_another_is_no_page_of_additions(session: Session, client_of: ClientOf) -> None:
    page = client_of(Ward(session).lead).get(f"/programmes/{programme_version(session, 'imagine2').id}/comparison")
    assert "There is no other version to compare with." in page.text
    assert not [link for link in page.links() if link.startswith("#change")]
    assert "(added)" not in page.text


def test_a_rule_is_chosen_by_words_also_where_the_shared_words_lack_it(session: Session, client_of: ClientOf) -> None:
    ward = Ward(session)
    draft = draft_of(session, ward)
    (rule, *_) = parts_of(session, draft, "completion")
    page = client_of(ward.lead).get(f"/drafts/{draft.id}/parts/{rule.id}")
    assert "The hours of the study load" in page.text
    assert "study_load_completed" not in page.text
