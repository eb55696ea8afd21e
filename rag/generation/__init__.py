"""Answers written by a language model: the prompt, the reply, and the checks before a sentence is shown."""
