"""Examples of requests in the OpenAPI document: commands of curl, each of them run as a test.

`$API`, `$TOKEN`, `$ID` and `$ETAG` stand for what the reader has: the address of the API, a key,
the id of a resource and its ETag.
"""

import json
from collections.abc import Mapping
from typing import Any, Final

from ibzplan.core.api.base import BaseCollection
from ibzplan.core.api.openapi_schemas import Schema

_SAMPLES: Final = "x-codeSamples"


def with_examples(collection: BaseCollection[Any], paths: dict[str, Schema]) -> dict[str, Schema]:
    """Return the paths of a collection with examples at each operation, and in each body."""
    name, writes = collection.name, collection.writes
    _add(paths[f"/{name}"]["get"], *_list_samples(collection))
    _add(paths[f"/{name}/{{id}}"]["get"], _sample("One of them", _get(f"{name}/$ID")))
    if collection.files:
        first = next(iter(collection.files.types))
        file = f"{_get(f'{name}/$ID/files/{first}')} --output {name}.{first}"
        _add(paths[f"/{name}/{{id}}/files/{{format}}"]["get"], _sample("Keep the file", file))
    if writes is None:
        return paths
    made = writes.example
    _body(paths[f"/{name}"]["post"], made)
    key = "Idempotency-Key: $(uuidgen)"
    _add(paths[f"/{name}"]["post"], _sample("Add one", _send("POST", name, made, key)))
    if writes.update_type is not None:
        patch, change = paths[f"/{name}/{{id}}"]["patch"], writes.change_example
        _body(patch, change)
        sent = _send("PATCH", f"{name}/$ID", change, "If-Match: $ETAG")
        _add(patch, _sample("Change what is named, in the state that you read", sent))
    if writes.batch_most:
        batch, rows = paths[f"/{name}/batch"]["post"], {"items": [made]}
        _body(batch, rows)
        _add(batch, _sample("Add many", _send("POST", f"{name}/batch", rows)))
    return paths


def _list_samples(collection: BaseCollection[Any]) -> list[Schema]:
    name = collection.name
    found = [_sample("The first page", _get(f"{name}?pageSize=20"))]
    if collection.embeds:
        member = min(collection.embeds)
        found.append(_sample(f"With each {member} whole", _get(f"{name}?embed={member}")))
    if collection.feed is not None:
        found.append(_sample("What changed, from the start", _get(f"{name}?changedSince=start")))
    if collection.bulk is not None:
        file = _get(name, "Accept: text/csv")
        found.append(_sample("The whole list as CSV", f"{file} --output {name}.csv"))
    return found


def _sample(label: str, source: str) -> Schema:
    return {"lang": "curl", "label": label, "source": source}


def _get(path: str, *headers: str) -> str:
    return _command("", path, headers)


def _send(method: str, path: str, body: Mapping[str, Any], *headers: str) -> str:
    kind = "application/merge-patch+json" if method == "PATCH" else "application/json"
    text = json.dumps(body, ensure_ascii=False, indent=2).replace("'", "’")
    sent = _command(f"-X {method} ", path, (f"Content-Type: {kind}", *headers))
    return f"{sent} \\\n  -d '{text}'"


def _command(method: str, path: str, headers: tuple[str, ...]) -> str:
    named = ("Authorization: Bearer $TOKEN", *headers)
    given = "".join(f'-H "{header}" \\\n  ' for header in named)
    return f'curl {method}{given}"$API/{path}"'


def _add(operation: Schema, *samples: Schema) -> None:
    operation[_SAMPLES] = list(samples)


def _body(operation: Schema, example: Mapping[str, Any]) -> None:
    for content in operation["requestBody"]["content"].values():
        content["example"] = dict(example)
