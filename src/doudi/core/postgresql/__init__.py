"""The database backend: Django's for PostgreSQL, which also tells the row policies for whom a statement is."""
