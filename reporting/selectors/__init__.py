"""Reads that combine plans, figures and organisation."""

from reporting.selectors.dashboard import Dashboard, DashboardFilter, dashboard

__all__ = ["Dashboard", "DashboardFilter", "dashboard"]
