"""Asks the cases and keeps what came back in a run file."""
