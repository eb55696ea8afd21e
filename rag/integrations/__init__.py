"""Paperchat's parts as parts of other frameworks."""
