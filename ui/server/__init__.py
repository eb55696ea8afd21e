"""Serves the page and the tools for programs: addresses, sign-in, start and end."""
