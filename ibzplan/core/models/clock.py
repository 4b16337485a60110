"""The row that hands out `recorded_at`."""

from django.db import models


class RecordClock(models.Model):
    """One row: the latest instant given out. Locked while a fact is recorded.

    `rewritten_at` is the instant at which rows came, changed or went last that no instant tells of:
    a load of the plans, the demo. What was followed until before it has to be read anew.
    """

    last_instant = models.DateTimeField()
    rewritten_at = models.DateTimeField(null=True)

    class Meta:
        """One row only, held by a constraint."""

        constraints = [
            models.CheckConstraint(condition=models.Q(pk=1), name="record_clock_one_row")
        ]

    def __str__(self) -> str:
        """Return the instant."""
        return self.last_instant.isoformat()


class Maintenance(models.Model):
    """One row that SQLite's append-only triggers look at (PostgreSQL uses a setting instead)."""

    is_open = models.BooleanField(default=False)

    class Meta:
        """One row only."""

        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="maintenance_one_row")]

    def __str__(self) -> str:
        """Return whether a maintenance pass is open."""
        return "open" if self.is_open else "closed"
