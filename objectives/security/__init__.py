"""The National Security Plan: themes, objectives, frameworks, conditions."""
