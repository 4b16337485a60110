"""What every page needs around its content."""

from typing import Any

from django.http import HttpRequest

from ibzplan import __version__
from ibzplan.core.navigation import main_nav


def shell(request: HttpRequest) -> dict[str, Any]:
    """Return navigation and version for base.html."""
    return {"main_nav": main_nav(request), "app_version": __version__}
