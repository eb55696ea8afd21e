"""`python -m ui.cli`."""

from ui.cli.main import main

main()
