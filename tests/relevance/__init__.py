"""Whether people find what they look for: `make relevance`, see README.md here."""
