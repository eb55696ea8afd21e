"""Answers and papers in the formats that people paste and save."""
