"""What a question asks for: its kind, the papers it names, and the words to search with."""
