"""What all embedded engines share: the values of documents and runs as numpy arrays.

`records` is a document as it is stored, `values` the arrays of a segment, `vocabulary` its words, `codes` one facet's
codes, `table` all segments joined, `selecting` filters and counts, `ordering` sorts. Engines add the matching of
words, so that they agree on everything else.
"""
