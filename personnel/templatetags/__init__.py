"""Template tags of personnel."""
