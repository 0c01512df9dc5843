"""The components say in words what they show in colour, and tie a field to its hint and error."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, NamedTuple

import html5lib
import pytest
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from wtforms import BooleanField, Form, RadioField, StringField
from wtforms.fields import SelectChoice
from wtforms.validators import DataRequired

from lms.charts.style import tone_number

TEMPLATES = Path(__file__).parents[2] / "templates"


class Level(NamedTuple):
    code: str
    rank: int
    title: str
    meaning: str


CHOICES = [SelectChoice("1", "Observes"), SelectChoice("2", "Performs")]


class RatingForm(Form):  # type: ignore[misc]
    note = StringField("Note", description="No names of patients.")
    level = RadioField("Which supervision?", choices=CHOICES, validators=[DataRequired()])
    seen = BooleanField("I was there")


LEVELS = [Level("1", 1, "Observes", "Watches"), Level("2", 2, "Performs", "Does it")]


@pytest.fixture
def pages() -> Environment:
    env = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    env.install_null_translations(newstyle=True)  # type: ignore[attr-defined]
    env.filters |= {"day": "day {}".format, "moment": "moment {}".format, "decimalformat": str}
    return env


def macro(pages: Environment, name: str, component: str) -> Any:
    return getattr(pages.get_template(f"components/{component}.html").module, name)


def parsed(markup: str) -> Any:
    parser = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False)
    return parser.parseFragment(markup)


def words(markup: str) -> str:
    return " ".join("".join(parsed(markup).itertext()).split())


def tones(pages: Environment, length: int) -> Iterator[int]:
    for rank in range(1, length + 1):
        yield int(str(macro(pages, "tone", "levels")(rank, length)).removeprefix("tone-"))


def test_five_levels_use_tones_far_apart(pages: Environment) -> None:
    assert list(tones(pages, 5)) == [1, 3, 6, 8, 10]


@pytest.mark.parametrize("length", range(2, 11))
def test_a_scale_of_any_length_rises_from_the_first_tone_to_the_last(pages: Environment, length: int) -> None:
    found = list(tones(pages, length))
    assert (found[0], found[-1]) == (1, 10)
    assert found == sorted(set(found))
    assert found == [tone_number(rank, length) for rank in range(1, length + 1)]


@pytest.mark.parametrize("name", ["level_badge", "level_mark"])
def test_a_level_says_its_code_its_title_and_that_it_expired(pages: Environment, name: str) -> None:
    level = macro(pages, name, "levels")
    assert words(level("3", "Indirect supervision", 3, 5)) == "3 Indirect supervision"
    assert words(level("3", "Indirect supervision", 3, 5, expired=True)) == "3 Indirect supervision expired"


def test_a_cell_of_a_heat_table_is_short_and_still_says_everything(pages: Environment) -> None:
    cell = macro(pages, "level_cell", "levels")
    assert str(cell("3", 3, 5)) == '<td class="tone-6">3</td>'
    assert "expired</span>" in cell("3", 3, 5, expired=True)
    assert "no level" in cell(None, None, 5)


@pytest.mark.parametrize(
    ("provenance", "said"),
    [("draft", "Draft"), ("inferred", "Inferred, to be confirmed"), ("placeholder", "Text not known yet")],
)
def test_a_text_that_is_not_confirmed_carries_a_mark(pages: Environment, provenance: str, said: str) -> None:
    assert words(macro(pages, "draft_mark", "marks")(provenance)) == said


@pytest.mark.parametrize("provenance", ["sourced", "adapted", None])
def test_a_confirmed_text_carries_no_mark(pages: Environment, provenance: str | None) -> None:
    assert words(macro(pages, "draft_mark", "marks")(provenance)) == ""


@pytest.mark.parametrize(
    ("count", "needed", "value", "said"),
    [(0, 2, "0", "0 of 2"), (1, 2, "1", "1 of 2"), (5, 2, "2", "5, needed 2"), (0, 0, "1", "0 of 0")],
)
def test_a_bar_is_never_fuller_than_full(pages: Environment, count: int, needed: int, value: str, said: str) -> None:
    bar = macro(pages, "requirement_bar", "progress")(count, needed)
    assert parsed(bar).find(".//progress").get("value") == value
    assert words(bar) == said


def test_a_field_is_tied_to_its_hint(pages: Environment) -> None:
    shown = parsed(macro(pages, "field", "forms")(RatingForm().note))
    control = shown.find(".//input")
    assert control.get("aria-describedby") == "note-hint"
    assert control.get("aria-invalid") is None
    assert shown.find(".//label").get("for") == control.get("id")
    assert shown.find(".//p[@id='note-hint']").text == "No names of patients."


def test_a_refused_field_is_tied_to_its_error(pages: Environment) -> None:
    form = RatingForm()
    form.note.errors = ["Too long."]
    shown = parsed(macro(pages, "field", "forms")(form.note))
    assert shown.find(".//input").get("aria-describedby") == "note-hint note-error"
    assert shown.find(".//input").get("aria-invalid") == "true"
    assert "Too long." in "".join(shown.find(".//p[@id='note-error']").itertext())


def test_only_a_field_that_may_stay_empty_says_so(pages: Environment) -> None:
    assert "(optional)" in words(macro(pages, "field", "forms")(RatingForm().note))
    assert "(optional)" not in words(macro(pages, "choices", "forms")(RatingForm().level))


def test_a_level_is_asked_for_with_code_title_and_meaning(pages: Environment) -> None:
    shown = parsed(macro(pages, "level_question", "forms")(RatingForm(data={"level": "2"}).level, LEVELS))
    labels = [" ".join("".join(label.itertext()).split()) for label in shown.findall(".//label")]
    assert labels == ["1 Observes Watches", "2 Performs Does it"]
    assert [option.get("value") for option in shown.findall(".//input[@checked]")] == ["2"]
    assert "Which supervision?" in shown.find(".//legend").text


def test_the_summary_leads_to_every_field_that_was_refused(pages: Environment) -> None:
    form = RatingForm(data={})
    assert not form.validate()
    form.form_errors.append("Somebody was ahead of you.")
    shown = parsed(macro(pages, "problems", "forms")(form))
    assert [link.get("href") for link in shown.findall(".//a")] == ["#level-0"]
    assert "Somebody was ahead of you." in "".join(shown.itertext())


def test_a_form_in_order_has_no_summary(pages: Environment) -> None:
    assert words(macro(pages, "problems", "forms")(RatingForm())) == ""


def test_days_and_moments_are_read_by_machines_too(pages: Environment) -> None:
    day = macro(pages, "day", "dates")(date(2026, 11, 3))
    moment = macro(pages, "moment", "dates")(datetime(2026, 11, 3, 8, 5, tzinfo=UTC))
    assert parsed(day).find(".//time").get("datetime") == "2026-11-03"
    assert parsed(moment).find(".//time").get("datetime") == "2026-11-03T08:05:00+00:00"
    assert words(day) == "day 2026-11-03"


def test_no_day_is_a_dash_that_is_heard_as_a_word(pages: Environment) -> None:
    assert words(macro(pages, "day", "dates")(None)) == "–none"


def test_a_table_that_scrolls_can_be_reached_and_has_a_name(pages: Environment) -> None:
    use = '{% from "components/tables.html" import table %}'
    page = use + '{% call table("Levels", wide=True) %}<tbody></tbody>{% endcall %}'
    region = parsed(pages.from_string(page).render()).find(".//div[@role='region']")
    assert (region.get("tabindex"), region.get("aria-label")) == ("0", "Levels")
    assert "Levels" in "".join(region.find(".//caption").itertext())


def test_typed_texts_are_kept_on_an_error_page_and_codes_are_not(pages: Environment) -> None:
    shown = words(macro(pages, "kept", "kept")([("note", "Seen with her supervisor"), ("kind", "procedure")]))
    assert "Seen with her supervisor" in shown
    assert "procedure" not in shown
