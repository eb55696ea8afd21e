"""Keeps keys and passwords in addresses out of logs: httpx and openai log the whole address of each request."""

from __future__ import annotations

import logging

LOGGERS = ("httpx", "openai._base_client")


def hide_secrets() -> None:
    """From now on these libraries log addresses without names, passwords and queries."""
    for name in LOGGERS:
        logging.getLogger(name).addFilter(_shortened)


def _shortened(record: logging.LogRecord) -> bool:
    """Always true: the record stays, with shortened addresses (`httpx.URL`)."""
    if isinstance(record.args, tuple):
        record.args = tuple(one.copy_with(userinfo=b"", query=None) if hasattr(one, "copy_with") else one for one in record.args)
    return True
