"""The database roles and what each may do.

owner (no login) owns the tables; migrate becomes owner; web and work read and write rows; read only reads;
audit_owner (no login) owns the audit tables, whose own migration takes rights away again; gateway may call three
functions (`gateway` migrations) and touch no table.
"""

from __future__ import annotations

from psycopg import sql

from doudi.site.postgres import Cluster

LOGINS = ("migrate", "web", "work", "read", "gateway")
NO_LOGINS = ("owner", "audit_owner")
GRANTS = """
REVOKE ALL ON DATABASE {database} FROM PUBLIC;
GRANT CONNECT, TEMPORARY ON DATABASE {database} TO migrate, web, work, "read";
GRANT CONNECT ON DATABASE {database} TO gateway;
ALTER SCHEMA public OWNER TO "owner";
REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO web, work, "read", audit_owner;
GRANT CREATE ON SCHEMA public TO audit_owner;
ALTER DEFAULT PRIVILEGES FOR ROLE "owner" IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO web, work;
ALTER DEFAULT PRIVILEGES FOR ROLE "owner" IN SCHEMA public GRANT SELECT ON TABLES TO "read";
ALTER DEFAULT PRIVILEGES FOR ROLE "owner" IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO web, work;
ALTER DEFAULT PRIVILEGES FOR ROLE "owner" REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
ALTER DEFAULT PRIVILEGES FOR ROLE "owner" IN SCHEMA public GRANT EXECUTE ON FUNCTIONS TO web, work;
"""


def ensure_roles(cluster: Cluster) -> None:
    """Makes the roles that are missing and sets the passwords of HOME/keys."""
    with cluster.connect() as connection:
        there = {row[0] for row in connection.execute("select rolname from pg_roles").fetchall()}
        for role in NO_LOGINS:
            if role not in there:
                connection.execute(sql.SQL("CREATE ROLE {} NOLOGIN").format(sql.Identifier(role)))
        for role in LOGINS:
            verb = "ALTER" if role in there else "CREATE"
            connection.execute(
                sql.SQL(verb + " ROLE {} LOGIN PASSWORD {}").format(
                    sql.Identifier(role), sql.Literal(cluster.password(role))
                )
            )
        connection.execute('GRANT "owner" TO migrate')
        connection.execute('GRANT audit_owner TO "owner", migrate WITH INHERIT FALSE, SET TRUE')
        connection.execute('ALTER ROLE "read" SET default_transaction_read_only = on')


def ensure_database(cluster: Cluster, name: str = "doudi", *, template: str | None = None) -> bool:
    """Makes a database owned by `owner`, empty or as a copy of `template`. True when it was made now."""
    with cluster.connect() as connection:
        if connection.execute("select 1 from pg_database where datname = %s", (name,)).fetchone():
            return False
        command = sql.SQL('CREATE DATABASE {} OWNER "owner" TEMPLATE {}')
        connection.execute(command.format(sql.Identifier(name), sql.Identifier(template or "template0")))
    with cluster.connect(name) as connection:
        for line in GRANTS.strip().splitlines():
            connection.execute(sql.SQL(line).format(database=sql.Identifier(name)))
    return True


def drop_database(cluster: Cluster, name: str) -> None:
    """Drops a throw-away database, ending the connections to it."""
    with cluster.connect() as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
