"""Reads the texts in `prompts/`: wording with `$names`, kept out of the code; a missing or unknown name is an error."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from string import Template

from rag.errors import PromptError

FOLDER = Path(__file__).parent.parent / "prompts"


def render(name: str, **values: object) -> str:
    """The text `prompts/<name>.md` with every `$name` filled in. Raises PromptError where text and values do not agree."""
    template = _template(name)
    wanted = set(template.get_identifiers())
    if wanted != set(values):
        unknown, missing = sorted(set(values) - wanted), sorted(wanted - set(values))
        raise PromptError(
            f"prompts/{name}.md and its values do not agree: missing {missing}, unknown {unknown}. Mend the text or the call."
        )
    return template.substitute({key: str(value) for key, value in values.items()})


@cache
def _template(name: str) -> Template:
    try:
        return Template((FOLDER / f"{name}.md").read_text(encoding="utf-8").strip())
    except OSError as error:
        raise PromptError(
            f"The text prompts/{name}.md cannot be read ({error.strerror}). Install Paperchat anew: `make install`."
        ) from None
