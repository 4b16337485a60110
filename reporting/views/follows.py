"""The page of what someone follows, with what changed lately in each thing."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from ibzplan.core.follows.registry import followables
from ibzplan.core.follows.selectors import follows_of
from ibzplan.core.models import Follow
from ibzplan.core.subjects import Reference
from personnel.access import signed_in
from personnel.models import User
from reporting.follow_texts import sentences_of
from reporting.selectors.followed import Followed
from reporting.selectors.home import followed_now, recent_since, told_lately
from reporting.views.home import News

# Of one thing the page tells so many changes.
MOST_NEWS = 3


@dataclass(frozen=True, slots=True)
class FollowedRow:
    """One thing with its news; `url` is '' when its follower may not open it any more.

    `since` is when its follower began, where that was lately: what changed before is not told.
    """

    type_name: str
    uuid: UUID
    code: str
    title: str
    url: str
    news: tuple[News, ...]
    since: datetime | None = None


@require_safe
def followed_list(request: HttpRequest) -> HttpResponse:
    """Show what the user follows by kind; each can be given up here."""
    user = signed_in(request.user)
    follows = list(follows_of(user))
    now = followed_now(user, timezone.localdate())
    earlier = _told(user)
    rows = [_row(follow, now, earlier) for follow in follows]
    context = {
        "groups": _groups(rows),
        "total": len(rows),
        "changed": sum(bool(row.news) for row in rows),
        "demo_mark": user.is_demo,
    }
    return render(request, "reporting/followed.html", context)


def _groups(rows: Iterable[FollowedRow]) -> list[dict[str, Any]]:
    by_type: dict[str, list[FollowedRow]] = defaultdict(list)
    for row in rows:
        by_type[row.type_name].append(row)
    return [
        {"label": kind.label, "rows": sorted(by_type[name], key=lambda row: row.code)}
        for name, kind in followables()
        if name in by_type
    ]


def _told(user: User) -> dict[Reference, list[News]]:
    """Return by record what the user was told lately: one query."""
    found: dict[Reference, list[News]] = defaultdict(list)
    for row in told_lately(user, recent_since()):
        if row.target_uuid is not None:
            first, rest = sentences_of(row.values["changes"])
            news = News(first, rest, row.values["url"], row.created_at)
            found[row.target_type, row.target_uuid].append(news)
    return found


def _row(
    follow: Follow, now: Mapping[Reference, Followed], earlier: Mapping[Reference, list[News]]
) -> FollowedRow:
    """Return one; of what the user may not read any more nothing but that it is followed."""
    key = (follow.target_type, follow.target_uuid)
    one = now.get(key)
    if one is None:
        return FollowedRow(*key, "", "", "", ())
    news = list(earlier.get(key, ()))
    if one.changes:
        first, rest = sentences_of([change.as_json() for change in one.changes])
        news.insert(0, News(first, rest, one.url))
    since = follow.created_at if follow.created_at > recent_since() else None
    return FollowedRow(*key, one.code, str(one.title), one.url, tuple(news[:MOST_NEWS]), since)
