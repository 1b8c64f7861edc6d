"""From rows to what `compare/` takes: every query that a question needs, a file per noun.

Rows are read as plain tuples, with a fixed number of queries whatever the number of records.
"""
