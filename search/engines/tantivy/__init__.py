"""The engine for large catalogues: Tantivy finds and scores words, numpy filters, counts and orders.

`schema` says which fields Tantivy has and fills them, `manifest` names what makes up a commit, `writing` makes
commits, `snapshot` opens them, `matching` turns plans into queries of Tantivy and its hits into rows, and `engine`
puts all together. Everything but words is in the columns that engines share.
"""

from search.engines.tantivy.engine import TantivyEngine

__all__ = ["TantivyEngine"]
