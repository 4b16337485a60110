"""Every count on the dashboard is told by the API too, at its clocks and to its reader."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from html.parser import HTMLParser
from typing import Any, Final

import pytest
from django.test import Client
from django.urls import reverse

from ibzplan.core.clocks import Clocks
from ibzplan.core.services import token_create
from objectives.indicators.services import measurement_validate
from objectives.planning.models import OperationalObjective
from objectives.strategy.models import StrategicObjective, Werf, WerfUnit
from reporting.services import report_check, report_issue
from tests.factories import Ministry, text
from tests.reporting.test_reports import made, record

pytestmark = pytest.mark.django_db

STATUSES: Final = ("achieved", "on_track", "at_risk", "off_track", "not_started", "no_data")
GROUPS: Final = {
    "good": ("achieved", "on_track"),
    "behind": ("at_risk", "off_track"),
    "unjudged": ("not_started", "no_data"),
    "": STATUSES,
    **{status: (status,) for status in STATUSES},
}
WORDS: Final = {
    "achieved": "achieved",
    "on track": "on_track",
    "at risk": "at_risk",
    "off track": "off_track",
    "not started": "not_started",
    "no data": "no_data",
}
RANKED: Final = STATUSES[:4]
# Minister, directorate, status.
FILTERS: Final = (
    ("", "", ""),
    ("VBZ", "", "good"),
    ("AM", "", ""),
    ("", "DVZ", "behind"),
    ("", "", "no_data"),
)


class _Counts(HTMLParser):
    """Collects what carries data-count: its attributes, and its text with that of a picture."""

    _VOID = frozenset({"br", "input", "meta", "link", "img", "hr"})

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[dict[str, str], str]] = []
        self._hidden: list[bool] = []
        self._open: list[tuple[dict[str, str], list[str]] | None] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        label = values.get("aria-label", "") if tag == "svg" else ""
        if label:
            self.handle_data(label)
        if tag not in self._VOID:
            self._open.append((values, []) if "data-count" in values else None)
            self._hidden.append(values.get("aria-hidden") == "true")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        pass

    def handle_data(self, data: str) -> None:
        """What is hidden from screen readers only repeats what they are told."""
        if any(self._hidden):
            return
        for part in self._open:
            if part is not None:
                part[1].append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag in self._VOID:
            return
        part = self._open.pop()
        self._hidden.pop()
        if part is not None:
            attributes, texts = part
            kept = {name[5:]: value for name, value in attributes.items() if name[:5] == "data-"}
            self.found.append((kept, " ".join("".join(texts).split())))


def counts_of(html: str) -> list[tuple[dict[str, str], str]]:
    parser = _Counts()
    parser.feed(html)
    return parser.found


def snake(name: str) -> str:
    return re.sub(r"([A-Z])", lambda found: f"_{found[1].lower()}", name)


@dataclass
class Api:
    """One reader of the API at two clocks."""

    key: str
    clocks: dict[str, str]
    _told: dict[str, list[dict[str, Any]]] = field(default_factory=dict)

    def items(self, path: str, **query: str) -> list[dict[str, Any]]:
        """Return everything in a collection, asked for once."""
        if path not in self._told:
            self._told[path] = self._asked(path, **query)
        return self._told[path]

    def _asked(self, path: str, **query: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        for page in range(1, 50):
            answer = Client().get(
                f"/api/v1/{path}",
                {**self.clocks, **query, "page": str(page), "pageSize": "100"},
                headers={"Authorization": f"Bearer {self.key}"},
            )
            assert answer.status_code == 200, answer.content
            body = answer.json()
            found += body["items"]
            if len(found) >= body["total"]:
                return found
        raise AssertionError("too many pages")


@dataclass
class Told:
    """What the API tells of the objectives that a page is about."""

    objectives: list[dict[str, Any]]
    status: Mapping[str, str]
    slots: Mapping[str, list[dict[str, Any]]]
    werven: Mapping[str, str]
    reference: date

    def of(self, place: Mapping[str, str]) -> list[dict[str, Any]]:
        return [
            row
            for row in self.objectives
            if place.get("werf", row["werf"]["code"]) == row["werf"]["code"]
            and place.get("objective", row["strategicObjective"]["code"])
            == row["strategicObjective"]["code"]
        ]

    def count(self, rows: Iterable[Mapping[str, Any]]) -> Counter[str]:
        return Counter(self.status[row["id"]] for row in rows)

    def listed(self, statuses: tuple[str, ...], *, narrowed: bool) -> set[str]:
        """Return the codes of the werven that the table lists."""
        with_status = {
            row["werf"]["code"] for row in self.objectives if self.status[row["id"]] in statuses
        }
        return with_status if narrowed else set(self.werven)

    def due(self) -> list[dict[str, Any]]:
        used = {link["id"] for row in self.objectives for link in row["indicators"]}
        return [
            slot
            for one in used
            for slot in self.slots[one]
            if slot["valueState"] in ("measured", "missing")
        ]


def told(api: Api, *, minister: str, unit: str, reference: date) -> Told:
    units = {row["code"] for row in api.items("organisationUnits")}
    if minister:
        (office,) = [row for row in api.items("ministers") if row["code"] == minister]
        units &= {row["code"] for row in office["units"]}
    if unit:
        units &= {unit}
    statuses = api.items("statuses", year="2026")
    slots = {row["indicator"]["id"]: row["slots"] for row in statuses if "indicator" in row}
    return Told(
        [
            row
            for row in api.items("operationalObjectives", year="2026")
            if row["state"] in ("approved", "closed") and row["unit"]["code"] in units
        ],
        {row["id"]: snake(row["status"]) for row in statuses},
        slots,
        {row["code"]: row["strategicObjective"]["code"] for row in api.items("werven")},
        reference,
    )


def bar(counts: Counter[str]) -> str:
    names = {status: words for words, status in WORDS.items()}
    total = sum(counts.values())
    parts = ", ".join(f"{counts[one]} {names[one]}" for one in STATUSES if counts[one])
    head = f"{total} objective{'' if total == 1 else 's'}"
    return f"{head}: {parts}" if parts else head


def check(
    found: list[tuple[dict[str, str], str]], now: Told, status: str, narrowed: bool
) -> set[str]:
    """Recompute each count; return the kinds that were there."""
    listed = now.listed(GROUPS[status], narrowed=narrowed)
    for place, shown in found:
        rows, kind = now.of(place), place["count"]
        expected: object
        if kind == "bar":
            assert bar(now.count(rows)) in shown, place
            continue
        if kind == "objectives":
            expected = sum(now.count(rows)[one] for one in GROUPS[place.get("status", "")])
        elif kind in ("werven", "hidden-werven"):
            of_place = {
                code for code, above in now.werven.items() if place.get("objective", above) == above
            }
            expected = len(of_place & listed if kind == "werven" else of_place - listed)
        elif kind == "hidden-objectives":
            expected = sum(now.status[row["id"]] not in GROUPS[status] for row in rows)
        elif kind == "figures-due":
            expected = len(now.due())
        elif kind == "figures-submitted":
            expected = sum(slot["valueState"] == "measured" for slot in now.due())
        elif kind == "figures-share":
            given = sum(slot["valueState"] == "measured" for slot in now.due())
            expected = given * 100 // len(now.due())
        elif kind == "late-objectives":
            expected = sum(any(_is_late(slot) for slot in _slots(now, row)) for row in rows)
        elif kind == "late-milestones":
            expected = sum(_late_milestones(now, row) for row in rows)
        elif kind == "figures-next":
            expected = _next_due(now, place["day"])
        elif kind == "lag":
            counted = now.count(rows)
            expected = counted["at_risk"] + counted["off_track"]
        elif kind == "requests":
            expected = 0
        else:
            assert kind == "moved", kind
            continue
        number = re.search(r"\d+", shown)
        assert number, (place, shown)
        assert int(number[0]) == expected, (place, shown, expected)
    return {place["count"] for place, _shown in found}


def _slots(now: Told, row: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for link in row["indicators"]:
        yield from now.slots[link["id"]]


def _is_late(slot: Mapping[str, Any]) -> bool:
    return slot["valueState"] == "missing" and not slot["awaitingValidation"]


def _late_milestones(now: Told, row: Mapping[str, Any]) -> int:
    return sum(
        date.fromisoformat(one["dueOn"]) < now.reference
        and ("doneOn" not in one or date.fromisoformat(one["doneOn"]) > now.reference)
        for activity in row["activities"]
        for one in activity["milestones"]
    )


def _next_due(now: Told, day: str) -> int:
    used = {link["id"] for row in now.objectives for link in row["indicators"]}
    return sum(
        any(
            slot["dueOn"] == day
            and slot["valueState"] == "notYetDue"
            and not slot["awaitingValidation"]
            for slot in now.slots[one]
        )
        for one in used
    )


def check_moved(
    found: list[tuple[dict[str, str], str]], before: Told, now: Told, status: str
) -> int:
    """Recompute what got better and worse since the report; return how many counts there were."""
    moved: Counter[tuple[str, str]] = Counter()
    for row in now.objectives:
        old, new = before.status.get(row["id"], ""), now.status[row["id"]]
        if old in RANKED and new in RANKED and old != new:
            kind = "improved" if RANKED.index(new) < RANKED.index(old) else "worsened"
            moved[kind, row["strategicObjective"]["code"]] += 1
            if new in GROUPS[status]:
                moved[kind, ""] += 1
    seen = 0
    for place, shown in found:
        if place["count"] == "moved" and place["kind"] in ("improved", "worsened"):
            assert int(shown) == moved[place["kind"], place.get("objective", "")], place
            seen += 1
    return seen


@dataclass
class Bench:
    """A plan year with objectives of two directorates in three werven."""

    ministry: Ministry
    known_then: str

    def page(self, name: str, query: Mapping[str, str]) -> list[tuple[dict[str, str], str]]:
        client = Client(headers={"accept-language": "en"})
        client.force_login(self.ministry.users[name])
        answer = client.get(reverse("reporting:dashboard"), query)
        assert answer.status_code == 200
        return counts_of(answer.content.decode())

    def api(self, name: str, reference: str, known: str) -> Api:
        user = self.ministry.users[name]
        _token, key = token_create(user=user, name=f"{name}{reference}{known}")
        return Api(key, {"referenceDate": reference, **({"asOf": known} if known else {})})


@pytest.fixture
def bench(ministry: Ministry) -> Bench:
    other = StrategicObjective.objects.create(
        plan=ministry.plan, code="3", title=text("Versterken"), order=2
    )
    for order, (above, code, unit) in enumerate(
        [
            (ministry.werf.objective, "2.7", ministry.dvz),
            (other, "3.1", ministry.dvz),
            (other, "3.2", ministry.adcv),
        ]
    ):
        werf = Werf.objects.create(objective=above, code=code, title=text(code), order=order)
        WerfUnit.objects.create(werf=werf, unit=unit)
    _objective(ministry, "adcv", "2.6", ["93", "94", "80"])
    _objective(ministry, "adcv", "2.6", ["90", "91"])
    _objective(ministry, "adcv", "3.2", [])
    _objective(ministry, "dvz", "2.7", ["80", "80"], is_validated=True)
    _objective(ministry, "dvz", "3.1", ["91"])
    known = Clocks.now().known_at.isoformat()
    late = _objective(ministry, "dvz", "3.1", ["96", "96", "97"])
    assert late.approved_at is not None
    ministry.objective(title="Nog een ontwerp")
    return Bench(ministry, known)


def _objective(
    ministry: Ministry,
    unit: str,
    werf: str,
    figures: list[str],
    *,
    is_validated: bool = False,
) -> OperationalObjective:
    planner, head = f"planner_{unit}", f"head_{unit}"
    home, ministry.werf = ministry.werf, Werf.objects.get(code=werf)
    try:
        objective = ministry.objective(by=planner, title=f"Doel {werf} {len(figures)}")
    finally:
        ministry.werf = home
    indicator = ministry.indicator(objective, by=planner, target=Decimal(95))
    ministry.approve(objective, head=head)
    for number, value in enumerate(figures, 1):
        row = record(ministry, indicator, f"2026-T{number}", value, by=planner)
        if is_validated:
            measurement_validate(actor=ministry.users[head], measurement=row)
    return objective


@pytest.mark.parametrize("name", ["corporate", "cabinet_vbz", "cabinet_am"])
@pytest.mark.parametrize(
    ("reference", "moment"), [("2026-11-01", "now"), ("2026-06-30", "now"), ("2026-11-01", "then")]
)
def test_the_api_tells_every_count(bench: Bench, name: str, reference: str, moment: str) -> None:
    known = bench.known_then if moment == "then" else ""
    api, day = bench.api(name, reference, known), date.fromisoformat(reference)
    for minister, unit, status in FILTERS:
        now = told(api, minister=minister, unit=unit, reference=day)
        query = {
            "year": "2026",
            "reference": reference,
            "minister": minister,
            "unit": unit,
            "status": status,
            **({"known": known} if known else {}),
        }
        found = bench.page(name, query)
        kinds = check(found, now, status, narrowed=bool(minister or unit or status))
        assert {"objectives", "bar", "werven", "figures-due", "requests"} <= kinds


@pytest.mark.parametrize(("name", "minister"), [("corporate", ""), ("cabinet_vbz", "VBZ")])
@pytest.mark.parametrize("status", ["", "off_track"])
def test_the_api_tells_what_moved_since_the_report(
    bench: Bench, name: str, minister: str, status: str
) -> None:
    ministry = bench.ministry
    report = made(ministry, reference_date=date(2026, 3, 31))
    asked = report_check(report, Clocks.now().known_at)
    report_issue(actor=ministry.users["corporate"], report=report, confirmed=asked.to_confirm)
    query = {"reference": "2026-11-01", "minister": minister, "status": status}
    found = bench.page(name, query)
    clocks = [("2026-11-01", ""), ("2026-03-31", report.known_at.isoformat())]
    now, before = (
        told(
            bench.api(name, reference, known),
            minister=minister,
            unit="",
            reference=date.fromisoformat(reference),
        )
        for reference, known in clocks
    )
    assert check_moved(found, before, now, status) >= 4


def test_every_number_of_a_count_is_marked(bench: Bench) -> None:
    """No number of the headline, the cards and the heads of groups stands outside a data-count."""
    client = Client(headers={"accept-language": "en"})
    client.force_login(bench.ministry.users["corporate"])
    html = client.get(reverse("reporting:dashboard")).content.decode()
    for start, end in (('<p class="headline">', "</p>"), ('<p class="big">', "</p>")):
        part = html[html.index(start) :]
        part = part[: part.index(end)]
        unmarked = re.sub(r"<(\w+)[^>]*data-count.*?</\1>", "", part, flags=re.S)
        assert re.findall(r"(?<![\d.])\d+(?![.\d])", re.sub(r"<[^>]+>", "", unmarked)) == []
