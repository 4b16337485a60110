"""A client that follows the changes of a list, and one that reads the whole list."""

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.test import Client

if TYPE_CHECKING:
    from django.test.client import _MonkeyPatchedWSGIResponse as Response

    from personnel.models import User


def reader(user: "User") -> Client:
    """Return a browser in which the user is signed in."""
    client = Client()
    client.force_login(user)
    return client


@dataclass
class Follower:
    """Keeps the rows of a list by the change feed alone."""

    client: Client
    collection: str
    query: dict[str, str] = field(default_factory=dict)
    page_size: int = 100
    cursor: str = "start"
    rows: dict[str, Any] = field(default_factory=dict)
    answers: int = 0

    def get(self, **query: Any) -> "Response":
        """Ask for the list with these parameters."""
        return self.client.get(f"/api/v1/{self.collection}?{urlencode({**self.query, **query})}")

    def step(self) -> dict[str, Any]:
        """Take one answer, and do what it says."""
        response = self.get(changedSince=self.cursor, pageSize=self.page_size)
        assert response.status_code == 200, response.content
        answer: dict[str, Any] = json.loads(response.content)
        for gone in answer["removed"]:
            self.rows.pop(gone["id"], None)
        for item in answer["items"]:
            self.rows[item["id"]] = item
        self.cursor = answer["cursor"]
        self.answers += 1
        return answer

    def follow(self) -> dict[str, list[Any]]:
        """Take answers until there are no more; return what came and what went."""
        came: list[Any] = []
        went: list[Any] = []
        while True:
            answer = self.step()
            came += answer["items"]
            went += answer["removed"]
            if not answer["hasMore"]:
                return {"items": came, "removed": went}

    def listed(self) -> dict[str, Any]:
        """Return the rows of the list as it is, by their ids."""
        found: dict[str, Any] = {}
        address = f"/api/v1/{self.collection}?{urlencode({**self.query, 'pageSize': 100})}"
        while address:
            answer = self.client.get(address).json()
            found.update((item["id"], item) for item in answer["items"])
            address = answer.get("next", "")
        return found

    def behind(self) -> list[str]:
        """Return, after following, where the rows kept differ from the list, in words."""
        self.follow()
        listed = self.listed()
        found = []
        for uuid in {*self.rows, *listed}:
            kept, there = self.rows.get(uuid), listed.get(uuid)
            if kept is None or there is None:
                found.append(f"{uuid} is only {'listed' if kept is None else 'kept'}")
            elif kept != there:
                names = [name for name in {*kept, *there} if kept.get(name) != there.get(name)]
                told = [f"{name}: {there.get(name)} was {kept.get(name)}" for name in names]
                found.append(f"{uuid} says {'; '.join(told)}")
        return [f"{self.collection} {self.query}: {line}" for line in found]
