"""Template tags that any app may use: {% load ibz %}."""
