"""The picture of a report in the reader's language."""

from __future__ import annotations

from flask import Response

from competencies.multisource import Circle
from lms.charts import feedback
from lms.charts.style import svg_of
from lms.core import pictures
from lms.core.words import _, in_language
from lms.multisource.models import FeedbackRound
from lms.multisource.values import ItemReport, Report, circle_title


def size_of(round_: FeedbackRound, report: Report, *, narrow: bool = False) -> tuple[int, int]:
    """Return the width and height of the picture in pixels."""
    return feedback.size_of(_bars(round_, report), width=_width(narrow=narrow))


def answer(round_: FeedbackRound, report: Report, *, narrow: bool) -> Response:
    """Return the picture; a report never changes once it can be read, so the round tells one from another."""

    def draw() -> bytes:
        figure = feedback.feedback_bars(_bars(round_, report), width=_width(narrow=narrow))
        return svg_of(figure, title=_("What was chosen in this round"))

    return pictures.answer("feedback", round_.id, narrow, draw=draw)


def _width(*, narrow: bool) -> int:
    return feedback.NARROW if narrow else feedback.WIDE


def _bars(round_: FeedbackRound, report: Report) -> list[feedback.ItemBars]:
    return [_item(round_, one) for one in report.rated]


def _item(round_: FeedbackRound, item: ItemReport) -> feedback.ItemBars:
    counted = [(part.circle, part.spread) for part in item.parts if part.spread is not None and part.spread.answers]
    return feedback.ItemBars(
        title=in_language(dict(item.item.title)),
        steps=[words for _option, words in item.options],
        bars=[
            feedback.Bar(_label(round_, circle), [count for _option, count in spread.counts])
            for circle, spread in counted
        ],
        own=_("Own answer: %(answer)s", answer=item.own) if item.own else "",
    )


def _label(round_: FeedbackRound, circle: Circle) -> str:
    """Return the words beside a bar: which groups are shown as one stands in the table."""
    return circle_title(round_, circle) if len(circle.groups) == 1 else _("Others together")
