"""The page on which people sign in, as one document that fetches nothing but its typeface."""

from __future__ import annotations

from importlib.resources import files

from ui.html.text import attributes, plain
from ui.html.wording import Wording

_HERE = files("ui.html")
_TOKENS = (_HERE / "tokens.css").read_text(encoding="utf-8")
_FACES = "\n".join(line for line in _TOKENS.splitlines() if line.startswith('@font-face { font-family: "Paperchat Sans"'))
STYLE = f"{_FACES}\n{_TOKENS[_TOKENS.index(':root') :]}{(_HERE / 'sign_in.css').read_text(encoding='utf-8')}"


def sign_in_html(say: Wording, action: str, goes_to: str, name: str, said: str) -> str:
    """The form; `said` is what went wrong the last time, `goes_to` where to go afterwards."""
    message = f'<p class="said" role="alert" id="said">{plain(said)}</p>' if said else ""
    described = "said" if said else None
    first, second = {"autofocus": not name}, {"autofocus": bool(name)}
    user = attributes(
        name="username", id="username", value=name, autocomplete="username", autocapitalize="none", spellcheck="false",
        required=True, maxlength="200", aria_describedby=described, **first,
    )  # fmt: skip
    password = attributes(
        name="password", id="password", type="password", autocomplete="current-password", required=True, maxlength="200",
        aria_describedby=described, **second,
    )  # fmt: skip
    return f"""<!doctype html>
<html lang="{say.language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark"><meta name="referrer" content="same-origin">
<link rel="icon" href="data:,"><title>{say("signin.title")} · Paperchat</title><style>{STYLE}</style></head>
<body><main><h1>Paperchat</h1><p class="about">{say("signin.about")}</p>{message}
<form{attributes(method="post", action=action)}><input{attributes(type="hidden", name="next", value=goes_to)}>
<label for="username">{say("signin.name")}</label><input{user}>
<label for="password">{say("signin.password")}</label><input{password}>
<button type="submit">{say("signin.go")}</button></form>
<p class="help">{say("signin.help")}</p></main></body></html>"""
