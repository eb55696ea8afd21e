"""Benchmarks: speed, retrieval, and what each part brings."""
