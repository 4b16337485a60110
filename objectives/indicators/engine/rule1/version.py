"""The number of this rule."""

from typing import Final

RULE_VERSION: Final = 1
