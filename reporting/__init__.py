"""What combines the others: dashboards, progress reports, exports."""
