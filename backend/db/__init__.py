"""The database: engines for SQLite and PostgreSQL, tables and migrations."""
