"""Indicators, targets, measurements and their status."""
