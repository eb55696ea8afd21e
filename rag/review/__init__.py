"""Work over many papers: evidence tables, and drafts held against the papers."""
