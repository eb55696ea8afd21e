"""The page's icons, drawn as lines: no font and no picture is fetched for them."""

from __future__ import annotations

_PATHS = {
    "panel": '<rect x="3" y="4" width="18" height="16" rx="3"/><path d="M9 4v16"/>',
    "new": '<path d="M12 5v14M5 12h14"/>',
    "edit": '<path d="M4 20l4-1L20 7l-3-3L5 16z"/>',
    "more": '<g fill="currentColor" stroke="none"><circle cx="5" cy="12" r="1.7"/><circle cx="12" cy="12" r="1.7"/><circle cx="19" cy="12" r="1.7"/></g>',
    "close": '<path d="M6 6l12 12M18 6L6 18"/>',
    "settings": '<path d="M4 7h9M19 7h1M4 17h1M11 17h9"/><circle cx="16" cy="7" r="2.6"/><circle cx="8" cy="17" r="2.6"/>',
    "up": '<path d="M7 10v11H3V10zM7 10l4-8c1.7 0 3 1.3 3 3l-.6 4H20a2 2 0 0 1 2 2.3l-1.3 7.9A2 2 0 0 1 18.7 21H7"/>',
    "down": '<g transform="rotate(180 12 12)"><path d="M7 10v11H3V10zM7 10l4-8c1.7 0 3 1.3 3 3l-.6 4H20a2 2 0 0 1 2 2.3l-1.3 7.9A2 2 0 0 1 18.7 21H7"/></g>',
}


def icon(name: str) -> str:
    """One icon as SVG in the colour of the text around it, said to no one: what holds it needs a name of its own."""
    return f'<svg class="pc-icon-svg" viewBox="0 0 24 24" aria-hidden="true">{_PATHS[name]}</svg>'
