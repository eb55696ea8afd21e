"""The learned reader: whether a sentence answers a question."""
