"""Pages that combine plans, figures and organisation."""
