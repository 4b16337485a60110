"""Addresses inside answers: always absolute."""

from typing import Final
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest
from django.urls import get_script_prefix

API_PATH: Final = "api/v1"


class Links:
    """The addresses of one request; the host is worked out once, not once a row."""

    def __init__(self, request: HttpRequest) -> None:
        """Take scheme, host and path from the request."""
        origin = request.build_absolute_uri("/").rstrip("/")
        self._request = request
        self._root = f"{origin}{get_script_prefix()}{API_PATH}"
        self.openapi = f"{origin}{get_script_prefix()}doc/openapi.yaml"
        self.here = request.build_absolute_uri()

    def collection(self, name: str) -> str:
        """Return the address of a collection."""
        return f"{self._root}/{name}"

    def to(self, collection: str, uuid: UUID) -> str:
        """Return the address of one resource."""
        return f"{self._root}/{collection}/{uuid}"

    def file(self, collection: str, uuid: UUID, file_format: str) -> str:
        """Return the address of a file of one resource."""
        return f"{self.to(collection, uuid)}/files/{file_format}"

    def page(self, number: int) -> str:
        """Return this request's address with another page number."""
        return self._with(page=str(number))

    def following(self, place: str | int) -> str:
        """Return this request's address for the page of that number, or behind that position."""
        return self.page(place) if isinstance(place, int) else self._with(after=place)

    def _with(self, **place: str) -> str:
        kept = [(k, v) for k, v in self._request.GET.items() if k not in ("page", "after")]
        path = self._request.build_absolute_uri(self._request.path)
        return f"{path}?{urlencode([*kept, *place.items()])}"
