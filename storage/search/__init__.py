"""Search: folding, lemmas, the query language, the index and its plan for a million articles."""
