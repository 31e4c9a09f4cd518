"""Pure helpers on the standard library only: months, money, identity numbers, names, working days."""
