"""Every change of the schema, in order; each runs on SQLite and on PostgreSQL.

Rules both engines need: no table-level Unique or Check; never alter a column in place (add, copy,
drop); drop an index before its column; composite uniqueness is a raw unique index.
"""
