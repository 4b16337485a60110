"""The demo's past is made up; the record clock has to have reached it."""

from datetime import date, timedelta

import pytest
from django.conf import settings
from django.test import override_settings
from django.utils import timezone

from ibzplan.core.clocks import Clocks
from ibzplan.core.models import HistoryEntry
from ibzplan.core.selectors import last_instant, last_rewritten
from objectives.indicators.models import Measurement, MeasurementEvent, Target
from reporting.demo import demo_create
from reporting.plans.loader import plans_load

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.mark.parametrize("ahead", [timedelta(days=-30), timedelta(days=120)])
def test_all_that_the_demo_recorded_is_known_at_once(ahead: timedelta, tmp_path: object) -> None:
    """Around a day to come too: nobody opens a demo in which the latest figures are missing."""
    plans_load(folder=settings.BASE_DIR / "fixtures")
    before = last_instant()
    today: date = timezone.localdate() + ahead
    with override_settings(DATA_DIR=tmp_path, MEDIA_ROOT=tmp_path):
        demo_create(seed=7, today=today, password="een-wachtwoord-voor-de-proef")
    known_at = Clocks.now().known_at
    assert before is not None
    assert known_at >= before
    assert last_rewritten() == known_at  # who followed a list before begins it anew
    for model in (Measurement, MeasurementEvent, Target):
        assert not model.objects.filter(recorded_at__gt=known_at).exists()
    assert not HistoryEntry.objects.filter(at__gt=known_at).exists()
