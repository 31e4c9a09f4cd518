"""Base models."""

from __future__ import annotations

from uuid import uuid4

from django.db import models


class UuidModel(models.Model):
    """A row whose id is made before it is inserted, so that ciphertexts can be bound to it.

    Every model has row policies, made by a migration of its app (`core.row_policies`), or says `open_rows = "why not"`.
    One whose rows stay as they were written says which columns may still change: `append_only_but = ()`. Tests find
    both by themselves.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False, db_comment="Identity, made before insert.")

    class Meta:
        abstract = True
