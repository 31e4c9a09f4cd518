"""Every change of a model has its migration: what the models say and what the migrations make is the same."""

from __future__ import annotations

from django.apps import apps
from django.db.migrations.autodetector import MigrationAutodetector
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ProjectState
from django.utils import translation


def test_the_migrations_of_every_app_are_complete() -> None:
    """What `makemigrations --check` would write, without a database: nothing."""
    loader = MigrationLoader(None)
    assert not loader.detect_conflicts()
    with translation.override(None):
        states = loader.project_state(), ProjectState.from_apps(apps)
        wanted = MigrationAutodetector(*states).changes(graph=loader.graph)
    own = {config.label for config in apps.get_app_configs() if config.name.startswith("doudi.")}
    lacking = {
        label: [operation.describe() for migration in migrations for operation in migration.operations]
        for label, migrations in wanted.items()
        if label in own
    }
    assert not lacking
