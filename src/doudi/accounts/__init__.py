"""accounts, roles and grants."""
