"""Measures the grounding checker: against people's labels, and on damaged answers."""
