"""A collection of papers on disk: one SQLite file is the truth, the indexes are made from it."""
