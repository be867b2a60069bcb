"""Portolan's search library: documents in, ranked ids and facet counts out.

It knows no web framework, no database and no catalogue. `document.py` says what is indexed,
`facets.py` how filters are declared, `query.py` what may be asked, `results.py` what comes back,
`engine.py` what every engine promises; `text/` holds the analysis by language and `engines/` the engines.
"""
