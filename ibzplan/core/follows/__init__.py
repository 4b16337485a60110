"""What users follow: which records can be, who follows what, the button that says so."""
