"""Views of a whole collection: its map, its topics, its lists."""
