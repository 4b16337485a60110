"""Fictional plans, figures and accounts, to show and test the product with.

Every row is marked `is_demo`, so that pages can say so and one command takes them all away.
The texts are in fixtures/demo; the figures follow from a seed and a day.
"""

from reporting.demo.accounts import Login
from reporting.demo.creation import demo_create, demo_exists
from reporting.demo.errors import DemoUnavailable
from reporting.demo.removal import demo_remove

__all__ = ["DemoUnavailable", "Login", "demo_create", "demo_exists", "demo_remove"]
