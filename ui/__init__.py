"""What people and programs use: the command line, the page and its server. Importing it keeps libraries from connecting to anywhere."""

from rag.telemetry import disable_connections

disable_connections()
