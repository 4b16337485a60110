"""What differs of the National Security Plan (NVP) itself between two snapshots of it.

    tally           by name the facts [was, now] of the counts over all objectives that differ
    objectives      what follows

A row an objective of the NVP of which something differs, in the order of the plan: id, code, title,
theme, level and `causes`, each of a kind:

    came, left      it is in one of the two only
    served          `names` are the operational objectives that contribute to it since
    unserved        `names` are those that do not any more; one that goes on in another plan year
                    under a new code is the same one
    indicators      was, now: the facts that say how many indicators measure it
    milestone       `title` of the milestone; from, to: its states, None where it was not there
    text            its title, its text or its points say something else
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from reporting.snapshot.reading import SECURITY_REPORT, objectives_of
from reporting.snapshot.sides import Part, Sides, same_text

Cause = dict[str, Any]

_TALLY: Final = ("objectives", "linked", "withIndicators", "withoutIndicators")
_TEXTS: Final = ("title", "description", "group")


def security_changes(before: Part, after: Part, sides: Sides) -> dict[str, Any] | None:
    """Return what differs of the NVP; None for reports on a plan year."""
    if {before["schema"], after["schema"]} != {SECURITY_REPORT}:
        return None
    return {
        "tally": dict(_tally(before["summary"], after["summary"], sides)),
        "objectives": _objectives(before, after, sides),
    }


def _tally(old: Part, new: Part, sides: Sides) -> Iterator[tuple[str, list[str | None]]]:
    for name in _TALLY:
        if not sides.same(old[name], new[name]):
            yield name, [sides.was(old[name]), new[name]]


def _objectives(before: Part, after: Part, sides: Sides) -> list[dict[str, Any]]:
    then, now = ({row["id"]: row for row in side["securityObjectives"]} for side in (before, after))
    served = _Serving(before, after)
    found = [
        _change(row, [*_causes(then.get(key), row, sides, served)]) for key, row in now.items()
    ]
    found += [_change(row, [_cause("left")]) for key, row in then.items() if key not in now]
    return [row for row in found if row["causes"]]


class _Serving:
    """The operational objectives of both snapshots, those that go on in another year as one."""

    def __init__(self, before: Part, after: Part) -> None:
        """Look up what each is called."""
        rows = {row["id"]: row for row in objectives_of(before)}
        self._then = {key: row["code"] for key, row in rows.items()}
        self._now = {row["id"]: row["code"] for row in objectives_of(after)}
        self._was = {
            row["id"]: frozenset([row["id"], *row.get("continues", ())])
            for row in objectives_of(after)
        }

    def since(self, old: Part, new: Part) -> list[str]:
        """Return the codes of those that contribute now and did not."""
        then = frozenset(old["operational"])
        return [self._now[key] for key in new["operational"] if not self._was[key] & then]

    def no_more(self, old: Part, new: Part) -> list[str]:
        """Return the codes of those that contributed and do not now."""
        now = frozenset().union(*(self._was[key] for key in new["operational"]))
        return [self._then[key] for key in old["operational"] if key not in now]


def _causes(old: Part | None, new: Part, sides: Sides, served: _Serving) -> Iterator[Cause]:
    if old is None:
        yield _cause("came")
        return
    for kind, names in (
        ("served", served.since(old, new)),
        ("unserved", served.no_more(old, new)),
    ):
        if names:
            yield _cause(kind, names=names)
    if not sides.same(old["indicatorCount"], new["indicatorCount"]):
        was = sides.was(old["indicatorCount"])
        yield _cause("indicators", was=was, now=new["indicatorCount"])
    yield from _milestones(old, new)
    if not _same_texts(old, new):
        yield _cause("text")


def _milestones(old: Part, new: Part) -> Iterator[Cause]:
    """Give the milestones of which another state is told, in the order of the later snapshot."""
    then, now = (
        {row["id"]: row for one in side["activities"] for row in one["milestones"]}
        for side in (old, new)
    )
    for key in dict.fromkeys((*now, *then)):
        was, is_now = (rows[key]["state"] if key in rows else None for rows in (then, now))
        if was != is_now:
            row = now.get(key) or then[key]
            yield _cause("milestone", title=row["title"], change=(was, is_now))


def _same_texts(old: Part, new: Part) -> bool:
    if not all(same_text(old.get(name), new.get(name)) for name in _TEXTS):
        return False
    then, now = old["points"], new["points"]
    return len(then) == len(now) and all(
        same_text(one[name], other[name])
        for one, other in zip(then, now, strict=True)
        for name in ("title", "description")
    )


def _cause(
    kind: str,
    *,
    names: list[str] | None = None,
    was: str | None = None,
    now: str | None = None,
    title: Mapping[str, Any] | None = None,
    change: tuple[str | None, str | None] = (None, None),
) -> Cause:
    return {
        "kind": kind,
        "names": names or [],
        "was": was,
        "now": now,
        "title": title,
        "from": change[0],
        "to": change[1],
    }


def _change(row: Part, causes: list[Cause]) -> dict[str, Any]:
    names = ("id", "code", "title", "theme", "level")
    return {**{name: row[name] for name in names}, "causes": causes}
