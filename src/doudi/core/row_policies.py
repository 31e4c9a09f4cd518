"""Row policies as SQL, for migrations: written by hand there, in these words. What stands here once is never changed.

A policy compares an area with the bounds of the transaction (`core.row_context`). Where none were told,
`current_setting` is null or empty: neither is true of any row. The settings are asked for plainly, not in a sub-select:
the planner knows their value then and chooses the plan it would choose without them.
"""

from __future__ import annotations

LO = "current_setting('doudi.lo', true)"
HI = "current_setting('doudi.hi', true)"
EVERYWHERE = f"{LO} = '' AND {HI} = 'z'"
"""The machine itself, said first: a scan of everybody asks nothing of each row."""
HERE = "SELECT set_config('doudi.lo', '', true), set_config('doudi.hi', 'z', true);"
"""For the rest of a migration's transaction: its own statements see all rows."""


def within(column: str) -> str:
    """Whether an area lies within the bounds."""
    return f"({column} >= {LO} AND {column} < {HI})"


def by_parent(table: str, column: str, parent: str) -> str:
    """Whether the parent row is seen, by the parent's own policy; everywhere without looking."""
    return f"(({EVERYWHERE}) OR {there_is(f'{parent} AS parent WHERE parent.id = {table}.{column}')})"


def there_is(rows: str) -> str:
    """Whether there is such a row, asked row by row through its index. OFFSET 0 keeps the planner from the other way:
    to hash the whole table for the first row that has to be asked about.
    """
    return f"EXISTS (SELECT 1 FROM {rows} OFFSET 0)"  # noqa: S608


def protected(table: str, seen: str, written: str = "") -> str:
    """A table under one policy, for its owner too: which rows are seen, and which may be written (by default those)."""
    return f"""
ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
ALTER TABLE {table} FORCE ROW LEVEL SECURITY;
CREATE POLICY {table}_rows ON {table} USING ({seen}) WITH CHECK ({written or seen});
"""


def open_again(table: str) -> str:
    """The way back."""
    return f"""
DROP POLICY {table}_rows ON {table};
ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY;
ALTER TABLE {table} DISABLE ROW LEVEL SECURITY;
"""


def answering(name: str, arguments: str, answer: str, body: str, *, before: str = "") -> str:
    """A function that answers about every area, and only that: it acts as its owner, under bounds of its own.

    `before` is a query of what the asker must see already, in the asker's own bounds; without a row of it nothing is
    answered.
    """
    guard = f"IF NOT EXISTS ({before}) THEN RETURN; END IF;" if before else ""
    return f"""
CREATE FUNCTION {name}({arguments}) RETURNS TABLE ({answer})
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $answer$
#variable_conflict use_column
DECLARE
  lo text := coalesce({LO}, '');
  hi text := coalesce({HI}, '');
BEGIN
  IF hi = '' THEN RETURN; END IF;
  {guard}
  PERFORM set_config('doudi.lo', '', true), set_config('doudi.hi', 'z', true);
  RETURN QUERY {body};
  PERFORM set_config('doudi.lo', lo, true), set_config('doudi.hi', hi, true);
END $answer$;
REVOKE ALL ON FUNCTION {name} FROM PUBLIC;
GRANT EXECUTE ON FUNCTION {name} TO web, work;
"""


def following(name: str, body: str) -> str:
    """A trigger function that keeps stored areas in step, wherever the rows lie."""
    return f"""
CREATE FUNCTION {name}() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $follow$
DECLARE
  lo text := coalesce({LO}, '');
  hi text := coalesce({HI}, '');
BEGIN
  PERFORM set_config('doudi.lo', '', true), set_config('doudi.hi', 'z', true);
  {body}
  PERFORM set_config('doudi.lo', lo, true), set_config('doudi.hi', hi, true);
  RETURN NULL;
END $follow$;
"""
