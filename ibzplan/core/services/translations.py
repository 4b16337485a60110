"""Translating a text in place, without touching the original."""

from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import gettext as _

from ibzplan.core.errors import DomainError, EditConflict, NotAllowed
from ibzplan.core.localised import (
    STATE_APPROVED,
    STATE_OUTDATED,
    STATE_UNOFFICIAL,
    LocalisedText,
)
from ibzplan.core.services.clock import next_instant
from ibzplan.core.services.history import history_record
from ibzplan.core.translations import (
    LANGUAGES,
    TextSource,
    mark_of,
    other_language,
    text_of,
    translated_record,
)

if TYPE_CHECKING:
    from ibzplan.core.models import Record
    from personnel.access import Access
    from personnel.models import User


@transaction.atomic
def translation_save(
    *,
    actor: "User",
    access: "Access",
    source: TextSource,
    record: "Record",
    field: str,
    language: str,
    text: str,
    approve: bool = False,
    seen: str | None = None,
) -> bool:
    """Write the text of one language, unofficial until it is approved; return whether it changed.

    The other language stays as it is, also in its state: this is no amendment of what is in
    force. `access` is the actor's, `seen` the mark of the text that they translated from.
    Raises NotAllowed; DomainError at `text` when it is empty or takes the place of an approved one
    that the source keeps, or without an original; EditConflict when original or translation
    changed meanwhile: `theirs` holds both by language.
    """
    at = next_instant()
    if field not in source.fields or language not in LANGUAGES or source.write_url is not None:
        raise DomainError("not_translatable", _("This text is not translated here."))
    if translated_record(source, access, record.uuid) is None:
        raise NotAllowed(
            "not_your_text",
            _("Only its own planners, its head and the corporate cell translate this text."),
        )
    stored = type(record)._default_manager.select_for_update().get(pk=record.pk)
    before = text_of(stored, field)
    if seen is not None and seen != mark_of(before):
        raise EditConflict(_("Someone else changed this while you were working."), dict(before))
    if not before.get(other_language(language)):
        raise DomainError("no_original", _("There is no text to translate from."))
    if not text.strip():
        raise DomainError("text_required", _("Type the translation."), "text")
    if source.keeps_approved and before.state(language) == STATE_APPROVED:
        _refuse_other_text(before[language], text)
        return False
    after = _translated(before, language, text, approve=approve)
    if after.as_json() == before.as_json():
        return False
    # A text that is only approved reads as it did: record_change would find nothing to change.
    setattr(stored, field, after)
    derived = source.derived(stored)
    changes: dict[str, tuple[Any, Any]] = {field: (before, after)}
    for name, value in derived.items():
        changes[name] = (getattr(stored, name), value)
        setattr(stored, name, value)
    stored.version += 1
    stored.save(update_fields=[*changes, "version"])
    history_record(actor=actor, target=stored, action="translated", changes=changes, at=at)
    return True


def _refuse_other_text(approved: str, text: str) -> None:
    if text.strip() != approved:
        raise DomainError(
            "approved_already",
            _(
                "This text is approved and waits for no translation. Change it in its own form, "
                "or by an amendment when the plan is in force."
            ),
            "text",
        )


def _translated(before: LocalisedText, language: str, text: str, *, approve: bool) -> LocalisedText:
    states = {code: state for code, state in before.states.items() if code != language}
    if not approve:
        states[language] = STATE_UNOFFICIAL
    if states.get(other_language(language)) == STATE_OUTDATED and approve:
        # Both were changed apart; the one that was just approved against the other settles it.
        states.pop(other_language(language))
    return LocalisedText({**before, language: text}, states)
