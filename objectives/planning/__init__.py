"""Operational plans and objectives, and their cycle."""
