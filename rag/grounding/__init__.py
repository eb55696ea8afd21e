"""Whether a claim follows from the sentences it cites."""
