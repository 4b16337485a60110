"""The key of a new record: it stays in the address, so that its unsaved text is found again."""

from uuid import UUID, uuid4

from django.http import HttpRequest

from ibzplan.core.models import Record


def key_of(request: HttpRequest, model: type[Record]) -> UUID:
    """Return the key that the address names, or another when it is no key or is used already."""
    try:
        key = UUID(request.GET.get("key", ""))
    except ValueError:
        return uuid4()
    return uuid4() if model._default_manager.filter(uuid=key).exists() else key


def typed_key(text: object, otherwise: UUID) -> UUID:
    """Return the key in a posted form; one that cannot be read counts as a new one."""
    try:
        return UUID(str(text))
    except ValueError:
        return otherwise
