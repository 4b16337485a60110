"""What keeps the demo from being made."""


class DemoUnavailable(Exception):
    """The message names what is missing or in the way, and the remedy."""
