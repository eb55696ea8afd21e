"""Language and embedding models behind OpenAI's protocol: the only part that opens connections, and only where a model is configured."""
