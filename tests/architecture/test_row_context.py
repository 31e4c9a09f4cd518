"""Who may say for whom statements are: the doors, and a short list of acts that cross areas by their nature."""

from __future__ import annotations

import ast

from tests.architecture.project import modules, name_of, tree

CROSSING = {
    "src/doudi/exchange/queries/following.py": "a proof is about somebody who has moved away, too",
    "src/doudi/cases/queries/drafts.py": "a hold of any county keeps a form",
    "src/doudi/exports/queries/handouts.py": "an account has one day under all its grants",
    "src/doudi/registry/actions/family.py": "moving in and out",
    "src/doudi/registry/actions/identity.py": "two records that are one person",
    "src/doudi/registry/actions/people.py": "search texts go with the person",
    "src/doudi/registry/queries/people.py": "records of one person that were merged, by opaque ids alone",
    "src/doudi/registry/actions/statements.py": "an obligor may live elsewhere",
    "src/doudi/sources/actions/keeping.py": "a file of the whole house is replaced",
    "src/doudi/verification/actions/authorising.py": "what is taken back is taken back everywhere",
}
READING_LOG = {
    "src/doudi/audit/queries/entries.py": "how often an account looked; what an emergency look looked at",
    "src/doudi/cases/queries/diligence.py": "the diligence sheet of an application",
    "src/doudi/keeping/queries.py": "who looked, for the person",
}
DOORS = {
    "src/doudi/audit/keeping.py": "the keeper of the log",
    "src/doudi/core/row_context.py": "a request",
    "src/doudi/insight/subscribers.py": "jobs",
    "src/doudi/keeping/tasks.py": "a job of every night",
    "src/doudi/site/key_register.py": "the keys of all rows, before the house serves",
    "src/doudi/site/backup/course.py": "the entry of a backup",
    "src/doudi/site/django_setup.py": "commands",
    "src/doudi/site/commands/trial.py": "a trial",
    "src/doudi/site/commands/up.py": "the house before it serves",
}


def _callers(name: str) -> set[str]:
    return {
        name_of(path)
        for path in modules()
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == name
    }


def test_only_acts_that_cross_areas_by_nature_go_beyond_them() -> None:
    assert _callers("everywhere") == set(CROSSING)


def test_only_a_few_reads_open_the_log_to_others_than_its_readers() -> None:
    assert _callers("reading_log") == set(READING_LOG)


def test_only_doors_say_for_whom_statements_are() -> None:
    assert _callers("acting") == set(DOORS)


def test_nothing_else_tells_the_database() -> None:
    telling = [name_of(path) for path, text in modules().items() if "set_config(" in text]
    assert telling == ["src/doudi/core/postgresql/base.py", "src/doudi/core/row_policies.py"]
