"""Credits, their execution and their reconciliation."""
