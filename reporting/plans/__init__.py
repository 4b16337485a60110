"""Loading both plans from the fixtures into the database."""
