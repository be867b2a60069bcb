"""Concepts and their labels in many languages: what a query's words may stand for.

Skills and occupations of ESCO, fields of ISCED-F, sections of NACE. Some come with Portolan (`packaged`), a whole
release of ESCO is loaded by an operator (`loading`). `matching` finds them in a query, `suggesting` while it is
typed.
"""
