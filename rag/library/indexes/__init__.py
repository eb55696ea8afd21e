"""Search indexes over the passages of a library, each of which can be rebuilt from its records."""
