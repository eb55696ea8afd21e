"""What an evaluation's command tells a person on standard error; texts of papers, cases and models steer no terminal there."""

from __future__ import annotations

import sys


def tell(text: object) -> None:
    """Line by line, without control and format characters."""
    sys.stderr.write("".join(f"{visible(line)}\n" for line in str(text).split("\n")))


def fail(error: object) -> None:
    """An error that ends a command, marked as the others of the command line are."""
    tell(f"Error: {error}")


def visible(text: str) -> str:
    """Without control and format characters, which may move a cursor or turn the writing round."""
    return "".join(sign if sign.isprintable() else " " for sign in text)
