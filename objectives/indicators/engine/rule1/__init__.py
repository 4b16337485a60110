"""Rule version 1 (design, section 5). Frozen: a changed rule is a new package beside this one."""
