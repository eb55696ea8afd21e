"""The page: the only part that knows Gradio. Each tab is a function `build(…)` of its own file; `app` puts them side by side.

A tab may ask for something from the Ask tab by an event on `document`: `paperchat:scope` with `detail: {papers: [{id, title}]}` asks
within these papers from now on, `paperchat:ask` with `detail: {question}` asks at once. Both bring the Ask tab to the front.
`paperchat:papers` says that papers were added or removed, and the Ask tab counts and shows them anew.
`paperchat:table` with `detail: {papers: [{id, title}]}` offers a new evidence table of these papers on the Workspace tab.
"""
