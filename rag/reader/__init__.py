"""The learned reader: whether a sentence answers a question, and whether evidence supports a claim."""
