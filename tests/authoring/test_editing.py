"""What a form sends becomes data of the file, and what buttons do to it."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from werkzeug.datastructures import MultiDict

from lms.authoring.comparing import Mark, compared, words_of
from lms.authoring.editing import read_part, step_from
from lms.authoring.keys import free_key, key_from, with_key, with_row_keys
from lms.authoring.merging import ChangedBy, differences, merged
from lms.authoring.shapes import part_shape
from lms.authoring.uses import uses_of

Fields = list[tuple[str, str]]


def read(section: str, *fields: tuple[str, str], stored: Any = None) -> Any:
    return read_part(part_shape(section), MultiDict(list(fields)), stored)


@pytest.mark.parametrize(
    ("typed", "number"), [("3", 3), (" 12 ", 12), ("", None), ("-1", -1), ("three", "three"), ("1e3", "1e3")]
)
def test_a_number_is_read_and_anything_else_stays_as_it_was_typed(app: Flask, typed: str, number: object) -> None:
    with app.test_request_context():
        answer = read("placements", ("min_count", typed))
        assert answer.data["min_count"] == number
        assert bool(answer.problems) is isinstance(number, str)


@pytest.mark.parametrize(("typed", "days"), [("1,5", 1.5), ("1.5", 1.5), ("2", 2), ("2.0", 2), ("half", "half")])
def test_half_days_are_written_with_a_comma_or_a_dot(app: Flask, typed: str, days: object) -> None:
    with app.test_request_context():
        answer = read("modules", ("sessions.rows", "1"), ("sessions.0.days", typed))
        assert answer.data["sessions"][0]["days"] == days


def test_line_ends_of_a_browser_and_spaces_around_a_text_are_left_out() -> None:
    answer = read("entry_requirements", ("text.nl", "  een\r\ntwee\x00 "), ("text.en", " "))
    assert answer.data["text"] == {"nl": "een\ntwee"}


def test_a_list_of_texts_has_one_on_each_line() -> None:
    answer = read("epas", ("description.skills.nl", "Zien\r\n\r\n Doen "))
    assert answer.data["description"]["skills"] == {"nl": ["Zien", "Doen"]}


def test_levels_scales_and_competencies_are_read_from_their_lists() -> None:
    answer = read(
        "epas",
        ("scale", "nl-bekwaamheid-5/1"),
        ("required_levels.midway", "3"),
        ("required_levels.end", ""),
        ("competencies.canmeds-nl", "expertise"),
        ("competencies.canmeds-nl", "communication"),
    )
    assert answer.data["scale"] == {"id": "nl-bekwaamheid-5", "version": 1}
    assert answer.data["required_levels"] == [{"stage": "midway", "level": "3"}]
    assert answer.data["competencies"] == {"canmeds-nl": ["expertise", "communication"]}


def test_a_requirement_has_the_fields_of_its_kind_however_deep() -> None:
    answer = read(
        "epas",
        ("evidence.rows", "1"),
        ("evidence.0.kind", "any_of"),
        ("evidence.0.of.rows", "2"),
        ("evidence.0.of.0.kind", "tests"),
        ("evidence.0.of.0.min_count", "2"),
        ("evidence.0.of.1.instrument", "kpb"),
        ("evidence.0.of.1.min_count", "1"),
        ("evidence.0.of.1.min_assessors", "1"),
    )
    first, second = answer.data["evidence"][0]["of"]
    assert first == {"kind": "tests", "min_count": 2, "tests": []}
    assert second == {"instrument": "kpb", "form": None, "min_count": 1, "min_assessors": 1, "min_level": None}


def test_a_requirement_directly_on_the_evidence_says_its_stage() -> None:
    answer = read("epas", ("evidence.rows", "1"), ("evidence.0.instrument", "kpb"))
    assert answer.data["evidence"][0]["stage"] is None


def test_what_identifies_a_part_is_not_for_a_form_to_change() -> None:
    answer = read("stages", ("key", "other"), ("order", "9"), stored={"key": "end", "order": 2})
    assert (answer.data["key"], answer.data["order"]) == ("end", 2)


def test_keys_that_only_stand_in_another_order_stay_as_they_were() -> None:
    stored = {"functions": ["b", "a"]}
    assert read("epas", ("functions", "a"), ("functions", "b"), stored=stored).data["functions"] == ["b", "a"]


ROWS = {"title": {}, "settings": [{"key": "a", "title": {}}, {"key": "b", "title": {}}, {"key": "c", "title": {}}]}


@pytest.mark.parametrize(
    ("pressed", "keys"),
    [
        ("up:settings.1", ["b", "a", "c"]),
        ("up:settings.0", ["a", "b", "c"]),
        ("down:settings.1", ["a", "c", "b"]),
        ("down:settings.2", ["a", "b", "c"]),
        ("remove:settings.1", ["a", "c"]),
        ("remove:settings.7", ["a", "b", "c"]),
        ("copy:settings.0", ["a", None, "b", "c"]),
        ("add:settings", ["a", "b", "c", None]),
        ("up:nothing.1", ["a", "b", "c"]),
    ],
)
def test_buttons_move_copy_add_and_take_out_rows(pressed: str, keys: list[str | None]) -> None:
    step = step_from(pressed, MultiDict())
    assert step
    changed = step.applied(part_shape("placements"), ROWS)
    assert [row["key"] for row in changed["settings"]] == keys


def test_a_block_is_put_there_and_taken_away() -> None:
    shape = part_shape("epas")
    put = step_from("put:validity", MultiDict())
    clear = step_from("clear:validity", MultiDict())
    assert put
    assert clear
    with_it = put.applied(shape, {"validity": None})
    assert with_it["validity"]["months"] is None
    assert clear.applied(shape, with_it)["validity"] is None


def test_a_requirement_is_added_of_the_kind_that_was_chosen() -> None:
    step = step_from("add:evidence", MultiDict({"evidence.new": "hours"}))
    assert step
    assert step.applied(part_shape("epas"), {"evidence": []})["evidence"][0]["kind"] == "hours"


def test_any_other_button_only_stores() -> None:
    assert step_from("", MultiDict()) is None
    assert step_from("drop:tables", MultiDict()) is None


@pytest.mark.parametrize(
    ("title", "key"),
    [
        ({"nl": "Wondzorg", "en": "Wound care: día 1"}, "wound-care-dia-1"),
        ({"nl": "Één"}, "een"),
        ({"nl": "!!!"}, "new"),
        ({}, "new"),
    ],
)
def test_a_key_is_made_of_the_title(title: dict[str, str], key: str) -> None:
    assert key_from(title) == key
    assert free_key(key, {key, f"{key}-2"}) == f"{key}-3"


def test_rows_get_keys_that_are_free_and_modules_the_days_of_their_sessions() -> None:
    rows = with_row_keys({"tracks": [{"key": "a", "title": {"en": "B"}}, {"key": None, "title": {"en": "A"}}]})
    assert [row["key"] for row in rows["tracks"]] == ["a", "a-2"]
    module = with_row_keys({"days": None, "sessions": [{"days": 0.5, "repeat": 3, "format": "x"}]})
    assert module["days"] == 1.5


def test_an_epa_without_a_code_gets_a_concept_code_and_keeps_a_real_one() -> None:
    epa = {"key": None, "title": {"en": "Care"}, "official_code": None, "local_code": None}
    assert with_key("epas", epa, set())["local_code"] == "CONCEPT-CARE"
    assert with_key("epas", epa | {"official_code": "LZ-1"}, set())["local_code"] is None


def test_texts_that_differ_are_told_apart_by_who_changed_them() -> None:
    base = {"title": {"nl": "A"}, "rows": [{"n": 1}], "same": 1}
    mine = {"title": {"nl": "B"}, "rows": [{"n": 2}], "same": 1}
    theirs = {"title": {"nl": "A"}, "rows": [{"n": 3}], "same": 1, "new": True}
    found = {one.path: one.changed_by for one in differences(mine, theirs, base)}
    assert found == {
        ("title", "nl"): ChangedBy.ME,
        ("rows", 0, "n"): ChangedBy.BOTH,
        ("new",): ChangedBy.THEM,
    }
    assert merged(mine, theirs, take_mine=[("title", "nl")]) == theirs | {"title": {"nl": "B"}}
    assert merged(mine, theirs, take_mine=list(found)) == mine
    assert merged(mine, theirs, take_mine=[]) == theirs


def test_lists_of_another_length_are_chosen_whole() -> None:
    (difference,) = differences({"rows": [{}]}, {"rows": [{}, {}]}, {"rows": []})
    assert (difference.path, difference.changed_by) == (("rows",), ChangedBy.BOTH)


def test_two_texts_are_compared_word_by_word() -> None:
    before, after = words_of("een oude wond", "een nieuwe wond")
    assert [(piece.mark, piece.text) for piece in before] == [
        (Mark.SAME, "een "),
        (Mark.REMOVED, "oude"),
        (Mark.SAME, " wond"),
    ]
    assert "".join(piece.text for piece in after) == "een nieuwe wond"


def test_parts_are_compared_by_their_key_however_they_moved(app: Flask) -> None:
    old = {"stages": [{"key": "a", "title": {"nl": "A"}}, {"key": "b", "title": {"nl": "B"}}]}
    new = {"stages": [{"key": "b", "title": {"nl": "B!"}}, {"key": "c", "title": {"nl": "C"}}]}
    with app.test_request_context():
        changes = [(change.section, change.name, change.mark) for change in compared(old, new)]
    assert changes == [
        ("stages", "B!", Mark.CHANGED),
        ("stages", "C", Mark.ADDED),
        ("stages", "A", Mark.REMOVED),
    ]


DOCUMENT = {
    "stages": [
        {"key": "end", "requirements": [{"kind": "all_of", "of": [{"kind": "placement", "placement": "ward"}]}]}
    ],
    "epas": [
        {
            "key": "a",
            "required_levels": [{"stage": "end", "level": "3"}],
            "evidence": [{"instrument": "kpb", "form": "short", "stage": "end"}],
            "competencies": {"rml": ["vision"]},
        }
    ],
    "phases": [{"key": "first", "epas": ["a"]}, {"key": "second", "requires": ["first"]}],
    "completion": [{"rule": "requirement", "requirement": {"kind": "declaration", "epa": "a"}}],
    "crosswalk": [{"from_framework": "rml", "to": {}}],
}


@pytest.mark.parametrize(
    ("section", "key", "sections"),
    [
        ("epas", "a", ["completion", "phases"]),
        ("epas", "b", []),
        ("stages", "end", ["epas", "epas"]),
        ("forms", "short", ["epas"]),
        ("placements", "ward", ["stages"]),
        ("phases", "first", ["phases"]),
        ("frameworks", "rml", ["crosswalk", "epas"]),
    ],
)
def test_every_use_of_a_part_is_found(section: str, key: str, sections: list[str]) -> None:
    assert sorted(use.section for use in uses_of(DOCUMENT, section, key)) == sections


def test_a_text_that_only_repeats_itself_is_marked_whole_instead_of_compared_for_minutes() -> None:
    before, after = words_of("a b " * 5_000, "b c a " * 5_000)
    assert [(one.mark, len(one.text)) for one in (*before, *after)] == [(Mark.REMOVED, 20_000), (Mark.ADDED, 30_000)]


CONTROLS = ["\x00", "\x01", "\x0b", "\x1b", "\x7f"]


@pytest.mark.parametrize("sign", CONTROLS)
@pytest.mark.parametrize(
    "name",
    ["title.nl", "functions", "required_levels.end", "competencies.canmeds", "scope.rows", "description.risks.nl"],
)
def test_a_sign_that_cannot_be_stored_is_refused_in_every_kind_of_field(sign: str, name: str, app: Flask) -> None:
    with app.test_request_context():
        for form in ({name: f"a{sign}b"}, {f"{name}{sign}": "a"}):
            answer = read_part(part_shape("epas"), MultiDict(form), {})
            assert answer.problems
            assert sign not in repr(answer.data).encode().decode("unicode_escape")


@pytest.mark.parametrize("text", ["a\tb", "a\r\nb", "a\nb", "é – €"])
def test_tabs_lines_and_letters_of_all_kinds_are_stored(text: str, app: Flask) -> None:
    with app.test_request_context():
        answer = read_part(part_shape("epas"), MultiDict({"description.risks.nl": text}), {})
    assert not answer.problems
    assert answer.data["description"]["risks"]["nl"] == text.replace("\r\n", "\n")


@pytest.mark.parametrize("what", ["add", "copy", "remove", "up", "down", "put", "clear"])
@pytest.mark.parametrize("place", ["nonsense", "title.nl.deeper", "scope.9.options", "0", "epa\x00", "scope.x.y", ""])
def test_a_button_for_a_place_that_is_not_there_changes_nothing(what: str, place: str) -> None:
    step = step_from(f"{what}:{place}", {})
    assert step is not None
    assert step.applied(part_shape("epas"), {"title": {"nl": "Prikken"}}) == {"title": {"nl": "Prikken"}}
