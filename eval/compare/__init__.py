"""Holds a run against another run and against limits."""
