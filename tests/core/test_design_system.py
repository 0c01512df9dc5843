"""The look: small, our own, readable in both schemes, and nothing inline."""

import re
from itertools import pairwise
from pathlib import Path

import pytest

from lms.charts.style import TONES as CHART_TONES

ROOT = Path(__file__).parents[2]
CSS = (ROOT / "lms/static/app.css").read_text(encoding="utf-8")
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
COMPONENTS = ROOT / "templates/components"
MAIL = ROOT / "templates" / "mail"
TOKEN = re.compile(r"--([\w-]+): (#[0-9a-f]{6});")
TONES = range(11)

# Text on its ground; each pair occurs somewhere in the style sheet.
TEXTS = [
    ("ink", "paper"), ("ink", "surface"), ("ink", "sunken"), ("quiet", "paper"), ("quiet", "surface"),
    ("quiet", "sunken"), ("quiet", "accent-soft"), ("accent", "paper"), ("accent", "surface"), ("accent", "sunken"),
    ("accent", "accent-soft"), ("accent-strong", "accent-soft"), ("accent-strong", "sunken"), ("on-accent", "accent"),
    ("on-accent", "accent-strong"), ("ink", "accent-soft"), ("ink", "good-soft"), ("ink", "attention-soft"),
    ("ink", "bad-soft"), ("bad", "paper"), ("bad", "surface"), ("bad", "bad-soft"), ("bad", "sunken"),
    ("surface", "bad"), ("surface", "ink"), ("good", "paper"), ("good", "surface"), ("good", "sunken"),
    ("attention", "attention-soft"), ("attention", "sunken"), ("accent", "attention-soft"), ("accent", "good-soft"),
    *[(f"tone-{tone}-ink", f"tone-{tone}") for tone in TONES],
]  # fmt: skip
# What has to be seen but is not read: borders of controls, the focus ring, bars.
SHAPES = [("edge", "surface"), ("edge", "paper"), ("accent", "paper"), ("accent", "surface"), ("good", "paper")]


def tokens(css: str) -> dict[str, str]:
    return dict(TOKEN.findall(css))


def schemes() -> dict[str, dict[str, str]]:
    light, dark = CSS.split("@layer tokens {")[1].split("@layer base {")[0].split("(prefers-color-scheme: dark)")
    return {"light": tokens(light), "dark": tokens(light) | tokens(dark)}


def luminance(colour: str) -> float:
    """Return the relative luminance after WCAG 2.2."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def test_the_style_sheet_stays_under_25_kilobytes() -> None:
    assert len(CSS.encode()) < 25_000


def test_the_dark_scheme_changes_only_colours() -> None:
    """So that what is judged of the light one, but for its colours, is true of the dark one."""
    declared = [
        declaration.strip()
        for block in CSS.split("prefers-color-scheme: dark)")[1:]
        for rule in re.findall(r"{([^{}]*)}", _block(block))
        for declaration in rule.split(";")
        if declaration.strip()
    ]
    assert len(declared) > 20
    assert [one for one in declared if not re.fullmatch(r"--[\w-]+: (#[0-9a-f]{6,8}|none)", one)] == []


def _block(css: str) -> str:
    """Return what stands between the brace that opens here and the one that closes it."""
    depth = 0
    for at, sign in enumerate(css):
        depth += {"{": 1, "}": -1}.get(sign, 0)
        if sign == "}" and depth == 0:
            return css[: at + 1]
    raise AssertionError("a block of the style sheet is not closed")


def test_the_style_sheet_asks_nothing_of_anybody_else() -> None:
    assert not re.findall(r"url\(|@import|//", CSS)


def test_contrast_is_measured_as_the_standard_says() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("text", "ground"), TEXTS)
def test_text_can_be_read_on_its_ground(scheme: str, text: str, ground: str) -> None:
    colours = schemes()[scheme]
    assert contrast(colours[text], colours[ground]) >= 4.5


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("shape", "ground"), SHAPES)
def test_controls_and_rings_can_be_seen(scheme: str, shape: str, ground: str) -> None:
    colours = schemes()[scheme]
    assert contrast(colours[shape], colours[ground]) >= 3


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_higher_level_is_further_from_the_page_in_lightness(scheme: str) -> None:
    colours = schemes()[scheme]
    distances = [contrast(colours[f"tone-{tone}"], colours["surface"]) for tone in TONES[1:]]
    assert distances == sorted(distances)
    assert min(later / earlier for earlier, later in pairwise(distances)) > 1.1


def test_charts_show_a_level_in_the_tone_of_the_pages() -> None:
    light = schemes()["light"]
    assert list(CHART_TONES) == [light[f"tone-{tone}"] for tone in TONES[1:]]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_colour_of_the_light_scheme_has_a_dark_one(scheme: str) -> None:
    dark = CSS.split("(prefers-color-scheme: dark)")[1].split("@layer base {")[0]
    assert set(tokens(dark)) == set(schemes()[scheme])


def test_colours_are_named_in_the_tokens_and_nowhere_else() -> None:
    after = CSS.split("@layer base {")[1]
    assert set(re.findall(r"#[0-9a-f]{6}\b", after)) <= {"#ffffff"}  # the paper that charts are drawn on


def test_every_token_that_is_used_is_defined() -> None:
    used = set(re.findall(r"var\(--([\w-]+)\)", CSS))
    assert used <= set(re.findall(r"--([\w-]+):", CSS))


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT / "templates")))
def test_a_template_has_no_style_or_script_of_its_own(template: Path) -> None:
    text = template.read_text(encoding="utf-8")
    assert not re.findall(r"<style|\sstyle=|\son[a-z]+=|javascript:|<script(?![^>]*\ssrc=)", text, re.IGNORECASE)


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT / "templates")))
def test_a_template_is_a_page_on_the_base_or_a_component(template: Path) -> None:
    text = template.read_text(encoding="utf-8")
    if template.name == "base.html":
        assert text.startswith("<!DOCTYPE html>")
    elif template.is_relative_to(COMPONENTS):
        assert "{% macro " in text
        assert "{% extends" not in text
    elif template.is_relative_to(MAIL):
        assert template.parent != MAIL or text.startswith("{% extends layout %}")
    elif is_part(template):
        assert "{% extends" not in text
    else:
        assert text.startswith('{% extends "base.html" %}')


def is_part(template: Path) -> bool:
    """Return whether another template, or a view that renders one macro, takes this file in."""
    name = template.relative_to(ROOT / "templates").as_posix()
    taken = re.compile(rf"""(include|import|from|get_template_attribute\()\s*["']{re.escape(name)}["']""")
    sources = [path for path in TEMPLATES if path != template] + sorted((ROOT / "lms").rglob("*.py"))
    return any(taken.search(path.read_text(encoding="utf-8")) for path in sources)


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT / "templates")))
def test_a_template_uses_only_classes_of_the_style_sheet(template: Path) -> None:
    used = re.findall(r'class="([^"{]*)', template.read_text(encoding="utf-8"))
    names = {name for classes in used for name in classes.split()}
    assert names <= set(re.findall(r"\.([a-z][\w-]*)", CSS))


@pytest.mark.parametrize("component", sorted(COMPONENTS.glob("*.html")), ids=lambda path: path.stem)
def test_every_macro_says_in_one_comment_what_it_shows(component: Path) -> None:
    text = component.read_text(encoding="utf-8")
    macros = re.findall(r"^\{% macro (\w+)", text, re.MULTILINE)
    explained = re.findall(r"^\{# .+ #\}\n\{% macro (\w+)", text, re.MULTILINE)
    assert macros == explained
