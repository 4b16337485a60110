"""Credits and FTE allocated to objectives."""
