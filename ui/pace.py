"""How fast long work goes and how long it will yet take, as texts."""

from __future__ import annotations


def rate_text(rate: float) -> str:
    """So many a second: `140`, or `1.3` of slow work."""
    return f"{rate:,.0f}" if rate >= 10 else f"{rate:.1f}"


def clock(seconds: int) -> str:
    """`6:03`, or `1:06:03`."""
    minutes, rest = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
