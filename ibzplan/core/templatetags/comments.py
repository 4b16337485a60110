"""Remarks beside the fields of a form."""

from django import template

from ibzplan.core.comments.threads import CommentsPanel, Thread

register = template.Library()


@register.simple_tag
def field_threads(panel: CommentsPanel | None, name: str) -> list[Thread]:
    """Return the threads to show below a form field: those of it that are not settled.

    A text in two languages is one field; its remarks stand below the French one.
    """
    if not panel:
        return []
    field = name.removesuffix("_fr")
    return [one for one in panel.by_field.get(field, ()) if field and not one.is_settled]
