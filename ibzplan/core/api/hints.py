"""Reading the type hints of the shapes that items have."""

import types
from typing import Any, Union, get_args, get_origin


def present(hint: Any) -> Any:
    """Return a type hint without its None: what is there when anything is."""
    if get_origin(hint) in (Union, types.UnionType):
        return next(a for a in get_args(hint) if a is not types.NoneType)
    return hint
