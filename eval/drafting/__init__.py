"""Drafts cases from papers by rule, for a person to edit."""
