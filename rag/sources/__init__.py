"""Papers from elsewhere, when a person asks for them: web services, Zotero, files that change."""
