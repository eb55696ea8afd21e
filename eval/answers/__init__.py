"""Answers of other systems: read from what they export, cut into claims with citations, and judged like our own."""
