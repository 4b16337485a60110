"""Pages of operational objectives, indicators and figures."""
