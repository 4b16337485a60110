"""Questions and decisions between a minister's cabinet and a unit: who asks, answers and reads."""
