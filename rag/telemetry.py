"""Keeps libraries from reporting their use: sets the variables that they read when they are imported. `import rag` does it first."""

from __future__ import annotations

import os

REPORTS = {
    # onnxruntime from 1.28 on sends a device id and events to Microsoft; its `disable_telemetry_events()` comes too late
    "ORT_DISABLE_TELEMETRY": "1",
    # Chroma's, by PostHog
    "ANONYMIZED_TELEMETRY": "False",
    "CHROMA_TELEMETRY_IMPL": "chromadb.telemetry.product.posthog.Posthog",
    "GRADIO_ANALYTICS_ENABLED": "False",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "DO_NOT_TRACK": "1",
}
"""Set by `import rag`, also inside the programs of others: reports of use help nobody there either."""

WHOLE_PROCESS = {
    "HF_HUB_OFFLINE": "1",
    "OTEL_SDK_DISABLED": "true",
}
"""Set in Paperchat's own processes alone: a program that embeds Paperchat may have models to fetch and traces to export."""


def disable_reports() -> None:
    """Must run before onnxruntime, chromadb, gradio or huggingface_hub is imported. Overrides what the environment says."""
    os.environ.update(REPORTS)


def disable_connections() -> None:
    """As `disable_reports`, and keeps libraries from fetching files or exporting traces as well."""
    disable_reports()
    os.environ.update(WHOLE_PROCESS)
