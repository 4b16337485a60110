"""People and organisation: users, units, ministers, roles; later staffing."""
