"""A client that writes: requests with a body and a token, as any language's client sends them."""

import json
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.test import Client

from ibzplan.core.services import token_create
from objectives.indicators.models import Indicator
from objectives.planning.models import OperationalObjective
from tests.factories import Ministry

if TYPE_CHECKING:
    from django.test.client import _MonkeyPatchedWSGIResponse as Response

JSON = "application/json"


@dataclass
class Writer:
    """Sends requests below /api/v1 in the name of a user of the ministry."""

    ministry: Ministry
    keys: dict[str, str] = field(default_factory=dict)

    def headers(self, user: str) -> dict[str, str]:
        if user not in self.keys:
            account = self.ministry.users[user]
            _token, self.keys[user] = token_create(user=account, name=user, scopes=["write"])
        return {"Authorization": f"Bearer {self.keys[user]}"}

    def send(
        self,
        user: str,
        method: str,
        path: str,
        body: Any = None,
        *,
        content_type: str = JSON,
        **headers: str,
    ) -> "Response":
        """Send a body, of bytes as they are; `If_Match` among the headers is If-Match."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        return Client(raise_request_exception=False).generic(
            method,
            f"/api/v1/{path}",
            data if body is not None else b"",
            content_type=content_type,
            headers={**self.headers(user), **named},
        )

    def post(self, path: str, body: Any, user: str = "planner_adcv", **headers: str) -> "Response":
        return self.send(user, "POST", path, body, **headers)

    def patch(self, path: str, body: Any, user: str = "planner_adcv", **headers: str) -> "Response":
        """Change a resource with the ETag that it has now, unless one is given."""
        if "If_Match" not in headers:
            headers["If_Match"] = self.send(user, "GET", path).headers.get("ETag", "*")
        return self.send(user, "PATCH", path, body, **headers)

    def get(self, path: str, user: str = "planner_adcv", **headers: str) -> "Response":
        return self.send(user, "GET", path, **headers)


def issues(response: "Response") -> list[tuple[str, Any]]:
    """Return name and value of every issue of a refused request."""
    assert response.headers["Content-Type"] == "application/problem+json", response.content
    return [(issue["name"], issue.get("value")) for issue in response.json().get("issues", [])]


def objective_body(**more: Any) -> dict[str, Any]:
    return {
        "year": 2026,
        "werf": "2.6",
        "unit": "ADCV",
        "title": {"nl": "Noodcentrales bezetten", "fr": "Occuper les centrales"},
        **more,
    }


def indicator_body(objective: OperationalObjective, **more: Any) -> dict[str, Any]:
    return {
        "operationalObjective": str(objective.uuid),
        "title": {"nl": "Bezetting", "fr": "Occupation"},
        "unitOfMeasure": {"nl": "%", "fr": "%"},
        "targetKind": "increase",
        "dataSource": {"nl": "Logboek", "fr": "Journal"},
        "decimals": 1,
        "baseline": 88,
        "baselineDate": "2025-12-31",
        "target": {"value": 95},
        **more,
    }


def measured(ministry: Ministry, **sheet: Any) -> Indicator:
    """Return an indicator of a draft objective that figures can be recorded for."""
    return ministry.indicator(ministry.objective(), **sheet)


def decimal_of(value: Any) -> Decimal:
    return Decimal(str(value))
