"""From a question to ranked passages, and from passages to the sentences that answer."""
