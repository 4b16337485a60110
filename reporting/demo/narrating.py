"""What units tell of their objectives quarter by quarter; reads fixtures/demo/narratives.yaml."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Final

import yaml
from django.conf import settings

from ibzplan.core.localised import LocalisedText
from objectives.indicators.periods import Period
from objectives.planning.models import Narrative, OperationalObjective
from objectives.planning.selectors.narratives import quarters_of
from reporting.demo.amending import last_day_of
from reporting.demo.entries import text_read
from reporting.demo.workshop import Desk, Workshop

# A quarter is told of so many days after its end, and a few more from objective to objective.
_TOLD_AFTER_DAYS: Final = 9
_WITHIN_DAYS: Final = 11
# Of the objectives, in turn: every so many name something in the way, tell in Dutch alone, or have
# nothing told of the last quarter yet.
_OBSTACLE_EVERY: Final = 6
_DUTCH_EVERY: Final = 5
_UNTOLD_EVERY: Final = 8
# So far the place in the stock moves from objective to objective: one text on.
_STRIDE: Final = 7

Stock = Mapping[str, Sequence[LocalisedText]]


def stock_read() -> Stock:
    """Return the texts in stock by what they tell."""
    path = Path(settings.BASE_DIR) / "fixtures" / "demo" / "narratives.yaml"
    data = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    return {name: [text_read(one) for one in texts] for name, texts in data.items()}


class NarrativeWriter:
    """Takes the texts in stock in turn; draws no lots, so that the figures stay as they are."""

    def __init__(self, workshop: Workshop) -> None:
        """Start counting."""
        self.workshop = workshop
        self.stock = stock_read()
        self._objectives = 0

    def write(self, objective: OperationalObjective, desk: Desk) -> None:
        """Let the planner tell of the quarters that are over, as far as that day came."""
        turn = self._objectives
        self._objectives += 1
        after = timedelta(days=_TOLD_AFTER_DAYS + turn % _WITHIN_DAYS)
        chronology = self.workshop.chronology
        quarters = quarters_of(objective.plan.year)
        told = [one for one in quarters if chronology.has_passed(one.end + after)]
        last = last_day_of(self.workshop, objective)
        if last < objective.ends_on:
            told = [one for one in told if one.end + after < last]
        if turn % _UNTOLD_EVERY == _UNTOLD_EVERY - 1 and len(told) < len(quarters):
            told = told[:-1]
        for number, quarter in enumerate(told):
            self._tell(objective, desk, quarter, turn * _STRIDE + number, after)

    def _tell(
        self,
        objective: OperationalObjective,
        desk: Desk,
        quarter: Period,
        turn: int,
        after: timedelta,
    ) -> None:
        workshop = self.workshop
        is_dutch = turn % _DUTCH_EVERY == 0
        texts = {
            "done": self._text("done", turn, is_dutch=is_dutch),
            "planned": self._text("planned", turn, is_dutch=is_dutch),
        }
        if turn % _OBSTACLE_EVERY == 0:
            texts["obstacles"] = self._text("obstacles", turn // _OBSTACLE_EVERY, is_dutch=is_dutch)
        row = Narrative(
            uuid=workshop.identity.of("narrative", str(objective.uuid), str(quarter)),
            objective=objective,
            period_start=quarter.start,
            resolution=quarter.resolution,
            written_by=desk.planner,
            is_demo=True,
            **texts,
        )
        workshop.rows.narratives.append(row)
        workshop.note(
            objective,
            desk.planner,
            workshop.chronology.noon(quarter.end + after),
            "narrative_written",
            {
                "narrative": (None, str(quarter)),
                **{name: (LocalisedText(), text) for name, text in texts.items()},
            },
            about=str(quarter),
            also=[(row, "known_from")],
        )

    def _text(self, name: str, turn: int, *, is_dutch: bool) -> LocalisedText:
        stock = self.stock[name]
        text = stock[turn % len(stock)]
        return LocalisedText({"nl": text["nl"]}) if is_dutch else text
