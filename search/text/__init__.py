"""Analysis of texts and queries by language."""

from search.text.analysis import ANALYSIS_VERSION, Token, analyse
from search.text.collation import collation_key
from search.text.compounds import NO_COMPOUNDS, Compounds
from search.text.folding import fold
from search.text.languages import LANGUAGES
from search.text.parsing import ParsedQuery, Word, query_terms

__all__ = [
    "ANALYSIS_VERSION",
    "LANGUAGES",
    "NO_COMPOUNDS",
    "Compounds",
    "ParsedQuery",
    "Token",
    "Word",
    "analyse",
    "collation_key",
    "fold",
    "query_terms",
]
