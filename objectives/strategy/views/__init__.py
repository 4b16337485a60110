"""Pages of the strategic plan."""
