"""Structure of both plans, as the sources give it."""
