"""Whatever users do, in whatever order, a client that follows a list has its rows in the end.

Clients of several roles read in small pages, now and then only one, so that what they follow
changes between two pages.
"""

from dataclasses import dataclass, replace
from random import Random
from typing import Final

import pytest

from objectives.indicators.services import indicator_define, sheet_of
from objectives.planning.choices import Step
from objectives.planning.services import objective_move
from objectives.planning.services.workflow import possible_steps
from personnel.access import access_of
from tests.api.follower import Follower, reader
from tests.factories import Ministry
from tests.objectives.indicators.test_known_view_threads import chosen
from tests.objectives.operations import Operation, TwoYears, two_years, was_done

SEED: Final = 5
TURNS: Final = 8
# Who follows what, in pages of how many rows.
FOLLOWED: Final = (
    ("planner_adcv", "measurements", 2),
    ("cabinet_am", "measurements", 1),
    ("committee", "indicators", 1),
    ("cabinet_vbz", "targets", 3),
    ("corporate", "operationalObjectives", 1),
)


@dataclass(frozen=True, slots=True)
class Hide(Operation):
    """Make an indicator confidential, or no longer."""

    is_so: bool

    def do(self, to: TwoYears) -> object:
        """Do it as the head."""
        series = to.series(new=False)
        sheet = replace(sheet_of(series), is_confidential=self.is_so)
        if series.is_confidential == self.is_so:
            return None
        head = to.user("head_adcv")
        indicator_define(actor=head, indicator=series, sheet=sheet, reason="Gevoelig")
        return series


@dataclass(frozen=True, slots=True)
class Take(Operation):
    """Take a step with the draft, whoever may."""

    step: Step

    def do(self, to: TwoYears) -> object:
        """Do it; None when nobody may."""
        draft = to.draft
        if self.step == Step.SUBMIT:
            to.ministry.motivate(draft)
        for user in to.ministry.users.values():
            if self.step in possible_steps(draft, access_of(user)):
                objective_move(actor=user, objective=draft, step=self.step, reason="Zo beslist")
                return draft
        return None


def something(random: Random) -> Operation:
    """Return something that a user does."""
    if random.random() < 0.6:
        return chosen(random)
    steps = (Step.HAND_OVER, Step.SUBMIT, Step.SUBMIT, Step.TAKE_BACK, Step.PASS_ON, Step.RETURN)
    return random.choice([Hide(random.random() < 0.5), Take(random.choice(steps))])


@pytest.mark.urls("tests.api.urlconf")
def test_who_follows_has_the_rows_of_the_list(ministry: Ministry) -> None:
    world, random = two_years(ministry), Random(SEED)  # noqa: S311 (the same at every run)
    followers = [
        Follower(reader(world.user(user)), collection, page_size=size)
        for user, collection, size in FOLLOWED
    ]
    done = 0
    for _turn in range(TURNS):
        done += sum(was_done(something(random), world) for _attempt in range(3))
        for follower in followers:
            if random.random() < 0.5:
                follower.step()

    assert [line for follower in followers for line in follower.behind()] == []
    assert done >= TURNS
