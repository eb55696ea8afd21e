"""Conversations and ratings, kept in the library's folder."""
