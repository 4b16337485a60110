"""Which state a table is in, kept by the database itself; see `ibzplan.core.table_versions`."""

from django.db import models


class TableVersion(models.Model):
    """One row a table: a token that every change of the table replaces by one that never was."""

    name = models.CharField(max_length=63, primary_key=True)
    token = models.BigIntegerField()

    def __str__(self) -> str:
        """Return table and token."""
        return f"{self.name} {self.token}"
