"""The page's own style sheet and scripts as files that a browser keeps: their text, their addresses, and what loads each."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from hashlib import sha256
from importlib.resources import files

PATH = "/parts/"
SHEETS = ("page", "home", "papers", "evaluation", "workspace")
NARROW = ("narrow", "workspace_narrow")
WEIGHT = "html:not(.none)"
"""Wraps the sheets, so that a class of ours outweighs what Gradio says of every `p` and `button`."""
SCRIPTS = {
    "page": ("page", "sources", "pressing", "scope", "frame", "areas", "home", "typing"),
    "papers": ("areas", "papers_map", "papers"),
    "workspace": ("workspace", "draft", "notebook", "workspace_end"),
    "evaluation": ("evaluation",),
}
"""Of each tab, the files that make up its script."""
TYPES = {"css": "text/css; charset=utf-8", "js": "text/javascript; charset=utf-8"}
NAMES = ("page.css", *(f"{name}.js" for name in SCRIPTS))
GIVEN = "element, trigger, props, watch, server, upload"
"""What Gradio gives the script of an element."""


@cache
def text(name: str) -> str:
    """The text of one of `NAMES`. A script is a module whose `run` gets what Gradio gives."""
    stem, _, kind = name.rpartition(".")
    if kind == "css":
        return f"{WEIGHT} {{\n{_joined(SHEETS, 'css')}\n}}\n{_joined(NARROW, 'css')}"
    return f"export function run({{ {GIVEN} }}) {{\n{_joined(SCRIPTS[stem], 'js')}\n}}\n"


@cache
def address(name: str) -> str:
    """Where the page finds it, from its own address on; another text has another address, so a browser may keep each for good."""
    return f"{PATH[1:]}{name}?v={sha256(text(name).encode()).hexdigest()[:12]}"


def loader(name: str, idle: bool = False) -> str:
    """The script of an element, for Gradio: loads and runs a part at once, or, where it can wait, once the page is ready and has time."""
    load = f'import(new URL("{address(f"{name}.js")}", document.baseURI).href).then((part) => part.run({{ {GIVEN} }}))'
    return IDLE.replace("LOAD", load) if idle else f"{load};"


IDLE = """let early = null;
const hear = (event) => { if (event.key === "k" && !event.ctrlKey && !event.metaKey && !event.altKey && !event.target.closest?.("input, textarea, select")) early = event.target; };
document.addEventListener("keydown", hear);
const load = () => LOAD.finally(() => {
  document.removeEventListener("keydown", hear);
  if (early?.isConnected) early.dispatchEvent(new KeyboardEvent("keydown", { key: "k", bubbles: true }));
});
const later = () => (window.requestIdleCallback ? requestIdleCallback(load, { timeout: 3000 }) : setTimeout(load));
if (document.body.dataset.paperchat === "ready") later();
else document.addEventListener("paperchat:ready", later, { once: true });"""
"""A key that keeps something, pressed before the script is there, is heard again once it is."""


def _joined(names: Sequence[str], kind: str) -> str:
    return "\n".join((files("ui.html") / f"{name}.{kind}").read_text(encoding="utf-8") for name in names)
