"""Makes a run readable: terminal, Markdown and one HTML page."""
