"""The look of all charts, and a figure as an SVG that is the same to the byte for the same values."""

from __future__ import annotations

import re
import warnings
from html import escape, unescape
from io import BytesIO

import matplotlib as mpl
from matplotlib.figure import Figure

INK = "#15222c"
QUIET = "#4a5965"
LINE = "#d2dae0"
ACCENT = "#1d4f91"
PAPER = "#ffffff"
TONES = (
    "#f7f2cc",
    "#e1e5ac",
    "#c3da94",
    "#a0cd88",
    "#7dbd83",
    "#57a97d",
    "#1b8166",
    "#11695e",
    "#1c5150",
    "#11393e",
)
"""Ten tones from the lowest to the highest level, ever darker; the same as in the style sheet of the pages."""

FIRST_DARK_TONE = 7
FONTS = "system-ui, -apple-system, Segoe UI, Roboto, Noto Sans, Liberation Sans, sans-serif"
POINTS_AN_INCH = 72
NO_METADATA = {"Date": None, "Creator": None, "Format": None, "Type": None}

mpl.rcParams.update(
    {
        "svg.fonttype": "none",
        "svg.hashsalt": "bekwaam",
        "text.parse_math": False,  # A dollar sign in a name is a dollar sign.
        "text.color": INK,
        "font.family": ["DejaVu Sans"],  # Only measures; the reader's own fonts draw the letters.
        "font.size": 12,
        "hatch.linewidth": 1.2,
        "figure.facecolor": PAPER,
        "axes.facecolor": "none",
        "path.simplify": False,
    }
)


def tone_number(rank: int, top_rank: int) -> int:
    """Return the tone (1 to 10) of a rank; a scale of any length up to ten is spread over all tones."""
    if top_rank < 2:
        return len(TONES)
    return min(1 + (18 * (rank - 1) + top_rank - 1) // (2 * (top_rank - 1)), len(TONES))


def tone(rank: int, top_rank: int) -> str:
    """Return the colour of a rank."""
    return TONES[tone_number(rank, top_rank) - 1]


def ink_on(rank: int, top_rank: int) -> str:
    """Return the colour of letters that can be read on the tone of a rank."""
    return PAPER if tone_number(rank, top_rank) >= FIRST_DARK_TONE else INK


def blank(width: float, height: float) -> Figure:
    """Return an empty figure of so many pixels."""
    return Figure(figsize=(width / POINTS_AN_INCH, height / POINTS_AN_INCH), dpi=POINTS_AN_INCH)


def svg_of(figure: Figure, *, title: str) -> bytes:
    """Return the figure as SVG with that title, without any inline style: it shows under the strictest policy."""
    drawn = BytesIO()
    with warnings.catch_warnings():
        # A letter that the measuring font lacks is drawn by the reader's own fonts.
        warnings.filterwarnings("ignore", message="Glyph", category=UserWarning)
        figure.savefig(drawn, format="svg", metadata=NO_METADATA)
    return _without_styles(drawn.getvalue().decode(), title).encode()


_STYLE = re.compile(r'(<\w[^<>]*?) style="([^"]*)"')
_OPENING = re.compile(r"<svg [^>]*>")
_PREAMBLE = re.compile(r"^.*?(?=<svg )", re.DOTALL)
_DROPPED = re.compile(r"<metadata>.*?</metadata>|<style[^>]*>.*?</style>|<!--.*?-->", re.DOTALL)
_SIZE = re.compile(r'\b(width|height)="([\d.]+)pt"')
_SPACE = re.compile(r">\s+<")
_NOTHING = re.compile(r"<defs>\s*</defs>|<g [^<>]*/>")
_SAID_ONCE = frozenset({"font-family", "stroke-linejoin"})


def _without_styles(drawn: str, title: str) -> str:
    """Return the drawing with attributes instead of styles, in pixels, and without what no reader needs."""
    lean = _NOTHING.sub("", _SPACE.sub("><", _DROPPED.sub("", _PREAMBLE.sub("", drawn))))
    styled = _STYLE.sub(lambda found: found[1] + _as_attributes(found[2]), lean)
    return _OPENING.sub(lambda found: _head(found[0], title), styled, count=1)


def _head(opening: str, title: str) -> str:
    """Return the opening tag in pixels with what holds everywhere, and the title after it."""
    sized = _SIZE.sub(r'\1="\2"', opening).removesuffix(">")
    everywhere = f'font-family="{FONTS}" stroke-linejoin="round" stroke-linecap="butt"'
    return f"{sized} {everywhere}><title>{escape(title)}</title>"


def _as_attributes(style: str) -> str:
    """Return the declarations of a style as attributes of their own."""
    parts = (part.partition(":") for part in unescape(style).split(";"))
    declared = {name.strip(): value.strip() for name, _colon, value in parts}
    return "".join(f' {name}="{escape(value)}"' for name, value in declared.items() if name not in _SAID_ONCE)
