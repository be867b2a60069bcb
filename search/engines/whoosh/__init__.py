"""The embedded engine: Whoosh keeps postings, numpy matches, scores, filters and counts.

`generations` lays out directories, `storage` makes Whoosh's files durable, `writing` turns documents into segments,
`columns` holds a segment's values, `segments` reads both, `table` joins segments, `matching` answers words,
`selecting` answers filters and counts, `ordering` sorts, and `engine` puts them together.
"""

from search.engines.whoosh.engine import WhooshEngine

__all__ = ["WhooshEngine"]
