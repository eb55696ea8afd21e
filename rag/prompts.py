"""Reads the texts in `prompts/`: wording with `$names`, kept out of the code; a missing or unknown name is an error.

A text for a language model has a line `---` in it: above it stand the rules, below it what this one request is about.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from string import Template

from rag.errors import PromptError
from rag.types import Message

FOLDER = Path(__file__).parent.parent / "prompts"
DIVIDER = "\n---\n"


def render(name: str, **values: object) -> str:
    """The text `prompts/<name>.md` with every `$name` filled in. Raises PromptError where text and values do not agree."""
    return _filled(_agreed(name, values), values)


def messages(name: str, **values: object) -> list[Message]:
    """The same as messages for a language model: the rules, then the request. A value cannot move the border between them."""
    rules, divider, request = _agreed(name, values).template.partition(DIVIDER)
    if not divider:
        raise PromptError(f"prompts/{name}.md has no line `---` between the rules and the request. Mend the text.")
    return [
        Message("system", _filled(Template(rules.strip()), values)),
        Message("user", _filled(Template(request.strip()), values)),
    ]


def _agreed(name: str, values: dict[str, object]) -> Template:
    template = _template(name)
    wanted = set(template.get_identifiers())
    if wanted != set(values):
        unknown, missing = sorted(set(values) - wanted), sorted(wanted - set(values))
        raise PromptError(
            f"prompts/{name}.md and its values do not agree: missing {missing}, unknown {unknown}. Mend the text or the call."
        )
    return template


def _filled(template: Template, values: dict[str, object]) -> str:
    return template.substitute({key: str(value) for key, value in values.items()})


@cache
def _template(name: str) -> Template:
    try:
        return Template((FOLDER / f"{name}.md").read_text(encoding="utf-8").strip())
    except OSError as error:
        raise PromptError(
            f"The text prompts/{name}.md cannot be read ({error.strerror}). Install Paperchat anew: `make install`."
        ) from None
