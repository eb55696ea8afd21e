"""English text, each fact about it stated once: words, sentences, numbers, names, LaTeX."""
