"""Small snapshots made by hand, for tests of what is computed from snapshots alone."""

from typing import Any

Part = dict[str, Any]


def text(nl: str) -> Part:
    """Return a text of the plan."""
    return {"nl": nl, "fr": f"{nl} (fr)"}


def slot(period: str, end: str, fact: str | None = None, **more: Any) -> Part:
    """Return a period with its figure, or missing."""
    return {
        "periodStart": period,
        "periodEnd": end,
        "resolution": "T",
        "dueOn": end,
        "valueState": "measured" if fact else "missing",
        "locked": False,
        **(
            {
                "fact": fact,
                "breakdown": [],
                "provisional": False,
                "returned": False,
                "recordedAt": f"{end}T08:00:00+00:00",
                "narrative": {},
            }
            if fact
            else {}
        ),
        **more,
    }


T1 = ("2026-01-01", "2026-03-31")
T2 = ("2026-04-01", "2026-06-30")
T3 = ("2026-07-01", "2026-09-30")


def quantity(value: str, decimals: int = 0) -> Part:
    """Return a figure in zones."""
    return {
        "kind": "quantity",
        "value": value,
        "display": value,
        "decimals": decimals,
        "unit": {"nl": "zones"},
    }


def indicator(key: str, *slots: Part, **more: Any) -> Part:
    """Return an indicator that goes up; the last of its slots with a figure is its latest."""
    measured = [row for row in slots if "fact" in row]
    return {
        "id": key,
        "shortCode": key,
        "title": text(f"Indicator {key}"),
        "definition": {},
        "owner": "ADCV",
        "kind": "increase",
        "accumulation": "level",
        "weight": 1,
        "isKey": False,
        "status": "on_track",
        "stale": False,
        "target": None,
        "actual": None,
        "expected": None,
        "attainment": None,
        "measuredTo": None,
        "latest": measured[-1] if measured else None,
        "slots": list(slots),
        "definitionVersion": {"number": 1, "validFrom": None},
        "definitionChanges": [],
        **more,
    }


def objective(key: str, *indicators: Part, **more: Any) -> Part:
    """Return an operational objective of ADCV."""
    return {
        "id": key,
        "code": key,
        "title": text(f"Doelstelling {key}"),
        "unit": "ADCV",
        "holder": text("Directeur-generaal"),
        "state": "approved",
        "startsOn": "2026-01-01",
        "endsOn": "2026-12-31",
        "status": "on_track",
        "judgement": None,
        "indicators": list(indicators),
        **more,
    }


def snapshot(*objectives: Part, on: str = "2026-09-30", **more: Any) -> Part:
    """Return a snapshot of a plan year with one werf; `facts` are given in full."""
    werf = {
        "id": "werf",
        "code": "2.6",
        "title": text("Hulpketen"),
        "status": "on_track",
        "objectives": list(objectives),
    }
    strategic = {"id": "so", "code": "2", "title": text("Inrichten"), "werven": [werf]}
    return {
        "schema": "progressReport",
        "referenceDate": on,
        "knownAt": f"{on}T20:00:00+00:00",
        "plan": {"year": 2026},
        "facts": {},
        "strategicObjectives": [strategic],
        "questions": [],
        **more,
    }
