"""How many rows a second the pages of `measurements` give, beside a plain list view.

Run it as `python benchmarks/api_paging.py [rows]`: it fills a throw-away database (of
DATABASE_URL's server, or SQLite) with so many figures, walks them all along `next` in the largest
pages there are, and walks the same rows with what Django REST framework offers by itself: a
ModelSerializer with all fields, as large pages by number. Both run in this process, one after the
other, without a network. It prints both and their ratio; at least 5 is the aim. With SQLite, which
works in this process, only the processor's time counts, so that other programs do not disturb.
"""

import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter, process_time
from typing import Any, Final

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ibzplan.settings")

import django
from django.db import connection

ROWS: Final = 100_000
PAGE_SIZE: Final = 10_000
ROUNDS: Final = 3
INDICATORS: Final = 250
KEYS: Final = ("", "region=bru", "region=vl", "region=wal")
RECORDED: Final = datetime(2026, 1, 5, 9, tzinfo=UTC)
FIRST_YEAR: Final = 2000
AIM: Final = 5

Answer = dict[str, Any]
View = Callable[..., Any]


@contextmanager
def throw_away_database() -> Iterator[None]:
    """Make an empty database with all tables, and take it away again."""
    with TemporaryDirectory() as folder:
        if connection.vendor == "sqlite":
            connection.settings_dict["TEST"]["NAME"] = str(Path(folder) / "benchmark.sqlite3")
        before = connection.settings_dict["NAME"]
        connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
        try:
            yield
        finally:
            connection.creation.destroy_test_db(before, verbosity=0)


def fill(rows: int) -> Any:
    """Record so many figures, one in four a total, half of them validated; return an auditor."""
    from objectives.indicators.models import Indicator, Measurement, MeasurementEvent
    from personnel.choices import Role, UnitKind
    from personnel.models import OrganisationUnit, RoleAssignment, User

    user = User.objects.create(username="auditor")
    RoleAssignment.objects.create(user=user, role=Role.AUDITOR)
    unit = OrganisationUnit.objects.create(
        code="AD", kind=UnitKind.GENERAL_DIRECTORATE, title={"nl": "AD", "fr": "DG"}
    )
    indicators = Indicator.objects.bulk_create(
        Indicator(
            code=f"I{n:04}",
            owner=unit,
            title={"nl": f"Indicator {n}", "fr": f"Indicateur {n}"},
            definition={"nl": "Wat wij tellen. " * 20, "fr": "Ce que nous comptons. " * 20},
            target_kind="increase",
            is_released=True,
            search_key=f"indicator {n}",
        )
        for n in range(INDICATORS)
    )
    made = Measurement.objects.bulk_create(
        (_figure(n, indicators[n // len(KEYS) % INDICATORS], user) for n in range(rows)),
        batch_size=PAGE_SIZE,
    )
    MeasurementEvent.objects.bulk_create(
        (
            MeasurementEvent(
                measurement=one,
                kind="validated",
                recorded_at=one.recorded_at + timedelta(hours=1),
                recorded_by=user,
            )
            for one in made
            if one.breakdown_key == "" and one.indicator_id % 2
        ),
        batch_size=PAGE_SIZE,
    )
    _analyse()
    return user


def _figure(n: int, indicator: Any, user: Any) -> Any:
    from objectives.indicators.models import Measurement
    from objectives.indicators.periods import parse_period

    slot = n // len(KEYS) // INDICATORS
    period = parse_period(f"{FIRST_YEAR + slot // 4}-T{slot % 4 + 1}")
    return Measurement(
        indicator=indicator,
        period_start=period.start,
        resolution=period.resolution,
        period_end=period.end,
        breakdown_key=KEYS[n % len(KEYS)],
        value=Decimal(n % 1000) / 8,
        narrative={"nl": "Beter dan verwacht.", "fr": "Mieux que prévu."} if n % 3 == 0 else {},
        recorded_at=RECORDED + timedelta(seconds=n // len(KEYS)),
        recorded_by=user,
    )


def _analyse() -> None:
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def plain_view() -> View:
    """Return the list view that the framework gives by itself."""
    from rest_framework.generics import ListAPIView
    from rest_framework.pagination import PageNumberPagination
    from rest_framework.permissions import IsAuthenticated
    from rest_framework.renderers import JSONRenderer
    from rest_framework.serializers import ModelSerializer

    from objectives.indicators.models import Measurement

    class Plain(ModelSerializer[Measurement]):
        class Meta:
            model = Measurement
            fields = "__all__"

    class Pages(PageNumberPagination):
        page_size = PAGE_SIZE

    class View(ListAPIView[Measurement]):
        queryset = Measurement.objects.order_by("recorded_at", "pk")
        serializer_class = Plain
        pagination_class = Pages
        permission_classes = [IsAuthenticated]
        renderer_classes = [JSONRenderer]

    return View.as_view()


def our_view() -> View:
    """Return the product's view."""
    from ibzplan.core.api.registry import collection_named
    from ibzplan.core.api.views import CollectionView

    return CollectionView.as_view(collection=collection_named("measurements"))


def walk(view: View, address: str, items: str, user: Any) -> tuple[int, list[float]]:
    """Follow `next` from the first page; return the rows, and the seconds of each page."""
    from rest_framework.test import APIRequestFactory, force_authenticate

    clock = process_time if connection.vendor == "sqlite" else perf_counter
    requests, rows, seconds = APIRequestFactory(), 0, []
    while address:
        request = requests.get(address, headers={"Host": "localhost"})
        force_authenticate(request, user)
        start = clock()
        content = view(request).render().content
        seconds.append(clock() - start)
        answer: Answer = json.loads(content)
        rows += len(answer[items])
        address = answer.get("next") or ""
    return rows, seconds


def measured(name: str, view: View, address: str, items: str, user: Any) -> float:
    """Return the rows a second of some rounds, and say them.

    Of each page the best of the rounds counts: what else the machine does makes it slower only.
    """
    rounds = [walk(view, address, items, user) for _round in range(ROUNDS)]
    rows = rounds[0][0]
    best = [min(pages) for pages in zip(*(seconds for _rows, seconds in rounds), strict=True)]
    rate: float = rows / sum(best)
    sys.stdout.write(
        f"{name}: {rows} rows, {len(best)} pages, {rate:.0f} rows/s, first page "
        f"{best[0] * 1000:.0f} ms, last {best[-1] * 1000:.0f} ms\n"
    )
    return rate


def main() -> None:
    """Fill the database, walk it both ways, print the ratio."""
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else ROWS
    with TemporaryDirectory() as folder:
        os.environ["IBZPLAN_DATA_DIR"] = folder
        django.setup()
        import ibzplan.api_urls  # noqa: F401 (it makes the collections known)

        with throw_away_database():
            user = fill(rows)
            address = f"/api/v1/measurements?pageSize={PAGE_SIZE}"
            plain = measured("plain list view", plain_view(), "/plain", "results", user)
            ours = measured("our pages", our_view(), address, "items", user)
            sys.stdout.write(f"{connection.vendor}: {ours / plain:.1f} times (aim: {AIM})\n")


if __name__ == "__main__":
    main()
