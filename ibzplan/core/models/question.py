"""Questions and decisions between a minister's cabinet and a unit (design.md sections 3 and 9)."""

from django.conf import settings
from django.db import models

from ibzplan.core.choices import QuestionKind, Verdict
from ibzplan.core.models.base import Record


class Question(Record):
    """One question or decision on a record, or on one place of it, with the day of the answer.

    `anchor` names the place: a field of the record, or 'narrative' with its period; '' is the
    record as a whole. `unit_uuid` is the unit that owned the record then, `minister_uuid` the
    office that asks or is asked. Text and addressees never change; `asked_at`, `withdrawn_at` and
    an answer's `answered_at` are instants of the record clock, so that it can be read as it stood.
    """

    kind = models.CharField(max_length=10, choices=QuestionKind.choices)
    target_type = models.CharField(max_length=80)
    target_uuid = models.UUIDField()
    anchor = models.CharField(max_length=80, blank=True)
    text = models.TextField()
    minister_uuid = models.UUIDField()
    unit_uuid = models.UUIDField()
    due_on = models.DateField()
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="questions"
    )
    asked_at = models.DateTimeField(editable=False)
    withdrawn_at = models.DateTimeField(null=True, editable=False)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
    )

    class Meta:
        """What must be answered first comes first."""

        ordering = ["due_on", "asked_at", "pk"]
        indexes = [
            models.Index(fields=["target_type", "target_uuid"], name="question_target"),
            models.Index(fields=["unit_uuid", "due_on"], name="question_unit"),
            models.Index(fields=["minister_uuid", "due_on"], name="question_minister"),
        ]

    def __str__(self) -> str:
        """Return the beginning of the text."""
        return self.text[:60]


class Answer(Record):
    """An answer; the first one closes the question, later ones add to it. Never changed.

    `verdict` is what the cabinet decides on a request, '' with any other kind.
    """

    question = models.ForeignKey(Question, on_delete=models.CASCADE, related_name="answers")
    text = models.TextField()
    verdict = models.CharField(max_length=10, choices=Verdict.choices, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    answered_at = models.DateTimeField(editable=False)

    class Meta:
        """Oldest first."""

        ordering = ["answered_at", "pk"]

    def __str__(self) -> str:
        """Return the beginning of the text."""
        return self.text[:60]
