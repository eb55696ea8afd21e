"""The `paperchat` command line."""
