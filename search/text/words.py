"""Where words begin and end: the same in every language, so that exact forms and phrases need none."""

from __future__ import annotations

import re
from typing import Final

from search.text.folding import normalise

MAX_WORD: Final = 64

# Combining marks and invisible break marks count as part of a word, although isalnum() does not know them.
_MARK: Final = r"[\u0300-\u036f\u00ad\u200b-\u200d\u2060]"
WORD: Final = re.compile(
    rf"[^\W_]+(?:{_MARK}+[^\W_]*)*(?:\+\+|(?<=[^\W\d_])(?<![^\W_]{{2}})\#(?![^\W_]))?|\.net(?![^\W_])",
    re.IGNORECASE,
)


def words_of(text: str) -> list[str]:
    """The words of a text in lower case, cut as for the index."""
    return [normalise(word)[:MAX_WORD] for word in WORD.findall(text)]
