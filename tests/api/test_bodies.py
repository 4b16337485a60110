"""Reading a body: whatever is sent is read as its shape says, or refused by name."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ibzplan.api_urls import COLLECTIONS
from ibzplan.core.api.bodies import hints_of, read_body, read_rows
from ibzplan.core.api.json_body import json_value
from ibzplan.core.api.problems import InvalidInput
from ibzplan.core.api.renderers import to_json

SHAPES = [
    (shape, is_patch)
    for collection in COLLECTIONS
    if collection.writes
    for shape, is_patch in (
        (collection.writes.create_type, False),
        (collection.writes.update_type, True),
    )
    if shape
]
NAMES = sorted({name for shape, _patch in SHAPES for name in hints_of(shape)})

scalars = (
    st.none()
    | st.booleans()
    | st.integers(-(10**40), 10**40)
    | st.decimals(allow_nan=False, allow_infinity=False).map(lambda n: n.normalize())
    | st.text(max_size=8)
    | st.text(st.characters(codec="utf-8"), max_size=8).map(lambda s: f"{s}\x00")
    | st.sampled_from(["2026-01-01", "2026-T1", "increase", "nl", "W1", "true"])
)
values = st.recursive(
    scalars,
    lambda below: (
        st.lists(below, max_size=3)
        | st.dictionaries(st.sampled_from([*NAMES, "nl", "fr", "code", "x"]), below, max_size=5)
    ),
    max_leaves=12,
)


def written(value: Any) -> bytes:
    """Return JSON with nulls, which the API's own answers leave out."""
    if isinstance(value, dict):
        members = (to_json(key).encode() + b":" + written(one) for key, one in value.items())
        return b"{" + b",".join(members) + b"}"
    if isinstance(value, list):
        return b"[" + b",".join(map(written, value)) + b"]"
    if isinstance(value, Decimal):
        return str(value).encode()
    return to_json(value).encode()


@pytest.mark.parametrize(("shape", "is_patch"), SHAPES)
@settings(max_examples=25)
@given(body=st.dictionaries(st.sampled_from([*NAMES, "x"]), values, max_size=8) | values)
def test_any_json_is_read_or_refused_by_name(shape: Any, is_patch: bool, body: Any) -> None:
    raw = written(body)
    try:
        found = read_body(shape, raw, is_patch=is_patch)
    except InvalidInput as error:
        assert error.issues
        assert all(to_json(issue.as_json()).encode() for issue in error.issues)
        return
    assert set(found) <= set(hints_of(shape))


@settings(max_examples=40)
@given(raw=st.binary(max_size=40))
def test_any_bytes_are_json_or_refused(raw: bytes) -> None:
    try:
        json_value(raw)
    except InvalidInput as error:
        assert error.issues


def test_values_have_the_types_that_the_services_take() -> None:
    shape = next(shape for shape, _patch in SHAPES if shape.__name__ == "NewMeasurement")

    body = read_body(
        shape,
        b'{"indicator": "I1", "period": "2026-T1", "value": 1.10, "level": 2.0,'
        b' "doneOn": "2026-03-01", "narrative": {"nl": " a ", "fr": null}, "reason": null}',
    )

    assert body == {
        "indicator": "I1",
        "period": "2026-T1",
        "value": Decimal("1.10"),
        "level": 2,
        "doneOn": date(2026, 3, 1),
        "narrative": {"nl": "a"},
    }


@pytest.mark.parametrize(
    ("text", "value"),
    [("0", "0"), ("-0.0", "0"), ("1e5", "100000"), ("1.50000", "1.5"), ("0e-90", "0")],
)
def test_a_number_is_the_same_however_it_is_written(text: str, value: str) -> None:
    shape = next(shape for shape, _patch in SHAPES if shape.__name__ == "NewMeasurement")
    raw = f'{{"indicator": "I1", "period": "2026-T1", "value": {text}}}'

    found = read_body(shape, raw.encode())["value"]

    assert found == Decimal(value)
    assert "E" not in str(found)


def test_rows_keep_their_places() -> None:
    shape = next(shape for shape, _patch in SHAPES if shape.__name__ == "NewMeasurement")
    raw = b'{"items": [{"indicator": "I1", "period": "2026-T1"}, 5, {"indicator": "I2"}]}'

    rows, issues = read_rows(shape, raw, most=3)

    assert [row and row["indicator"] for row in rows] == ["I1", None, None]
    assert [issue.name for issue in issues] == ["items[1]", "items[2].period"]
