"""`make bench`: a made-up catalogue of any size, and how fast engine and pages answer on it, beside SQLite FTS5."""
