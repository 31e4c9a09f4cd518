"""The access policy: read strictly, agreeing with the program, the one source of who may do and see what."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
from django.test import Client

from doudi.accounts.access import level_of, may_reveal, may_see, sight_of
from doudi.accounts.labels import PERMISSION_LABELS, ROOM_LABELS
from doudi.accounts.logic.policy import SIGHTS, level_for
from doudi.accounts.logic.reading import SHIPPED, known_to, policy_of, read_policy
from doudi.accounts.logic.roles import ADMINISTRATORS, POLICY, ROLES
from doudi.accounts.models import ROLE_LABELS
from doudi.core.actor import EMERGENCY, VIEWING, Actor
from doudi.engine.errors import PolicyError
from tests.accounts.conftest import Make
from tests.architecture.project import PACKAGE, modules

TEXT = SHIPPED.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("right", "wrong", "code", "suggestion"),
    [
        ("cases.review: [reviewer", "cases.review: [revewer", "policy.word_unknown", "reviewer"),
        ("cases.read: [casework", "cases.read: [caswork", "policy.word_unknown", "casework"),
        ("limit: [township", "limmit: [township", "policy.word_unknown", "limit"),
        ("  bank:\n", "  banc:\n", "policy.word_unknown", "bank"),
        ("any: [verify_means", "any: [verify_mean", "policy.word_unknown", "verify_means"),
        ("apart:", "appart:", "policy.key_unknown", "apart"),
        ("seconds: 60", "second: 60", "policy.key_unknown", "seconds"),
        ("level: township", "level: townshp", "policy.word_unknown", "township"),
        ("departments: [civil_affairs]", "departments: [civil_affair]", "policy.word_unknown", "civil_affairs"),
        ("people: [registry.read", "people: [registry.raed", "policy.word_unknown", "registry.read"),
        ("cases.review: [reviewer", "cases.review: [handler", "policy.expected", None),
        ("audit.read: [auditor", "audit.read: [security_administrator", "policy.expected", None),
        ("  - [accounts.keep, accounts.administer]\n", "", "policy.expected", None),
        ("{full: [verification_officer], limit:", "{full: [registrar], limit:", "policy.expected", None),
        ("view_as: {roles: [casework]", "view_as: {roles: [casework, auditor]", "policy.expected", None),
        ("hours: 4", "hours: 0", "policy.expected", None),
        ("warn_days: 30", "warn_days: 300", "policy.expected", None),
        ("lapse: yes", "lapse: maybe", "policy.boolean_malformed", None),
        ("  phone:\n    label", "  phone: &x\n    label", "policy.alias_refused", None),
    ],
)
def test_what_is_not_understood_is_refused_with_its_line(
    right: str, wrong: str, code: str, suggestion: str | None
) -> None:
    assert right in TEXT
    with pytest.raises(PolicyError) as refused:
        policy_of(TEXT.replace(right, wrong, 1), "access.yaml")
    assert (refused.value.code, refused.value.suggestion) == (code, suggestion)
    assert refused.value.where is not None and refused.value.where.file == "access.yaml"
    if suggestion is not None:
        line = TEXT[: TEXT.index(right)].count("\n") + 1
        assert abs(refused.value.where.line - line) <= 1
        assert suggestion in refused.value.message("zh") and suggestion in refused.value.message("en")


def test_a_field_class_or_a_part_that_is_left_out_is_missed() -> None:
    without = re.sub(r"  phone:\n(?:    .*\n)+", "", TEXT)
    for text, key in ((without, "phone"), (re.sub(r"\nview_as:.*\n", "\n", TEXT), "view_as")):
        with pytest.raises(PolicyError) as refused:
            policy_of(text, "access.yaml")
        assert refused.value.code == "policy.key_missing" and key in refused.value.message("en")


def test_a_permission_the_program_does_not_know_is_refused_with_the_nearest_one() -> None:
    for right, wrong, nearest in (("  cases.enter:", "  cases.entre:", "cases.enter"),):
        policy = policy_of(TEXT.replace(right, wrong), "access.yaml")
        with pytest.raises(PolicyError) as refused:
            known_to(policy, roles=ROLE_LABELS, permissions=PERMISSION_LABELS)
        assert refused.value.suggestion == nearest
    more = policy_of(TEXT.replace("roles:\n", "roles:\n  registar: {level: township, departments: [audit]}\n"), "a")
    with pytest.raises(PolicyError) as refused:
        known_to(more, roles=ROLE_LABELS, permissions=PERMISSION_LABELS)
    assert refused.value.suggestion == "registrar"


def test_another_file_is_read_the_same_way(tmp_path: Path) -> None:
    other = tmp_path / "access.yaml"
    other.write_text(TEXT.replace("insight.cliff: [casework]", "insight.cliff: [county]"), encoding="utf-8")
    assert read_policy(other).holders("insight.cliff") == POLICY.groups["county"]
    assert read_policy(other).digest != POLICY.digest
    other.write_bytes(b"\xff\xfe")
    with pytest.raises(PolicyError):
        read_policy(other)


def test_every_permission_is_asked_for_and_every_one_asked_for_is_declared() -> None:
    """What calls of may, permission, holders and PERMISSIONS[…] name; names put together (`rulebook.{…}`) are few."""
    asked: set[object] = {f"rulebook.{name}" for name in ("drafts", "edit", "approve")}
    named: set[object] = set()
    for path, text in modules().items():
        if path.name == "labels.py" or path.relative_to(PACKAGE).parts[0] == "twin":
            continue
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.Call) and _asks(node):
                asked |= {one.value for one in node.args if isinstance(one, ast.Constant)}
            elif isinstance(node, ast.Subscript) and getattr(node.value, "id", "") == "PERMISSIONS":
                asked |= {one.value for one in ast.walk(node.slice) if isinstance(one, ast.Constant)}
            elif isinstance(node, ast.Constant):
                named.add(node.value)
    dotted = {name for name in asked if isinstance(name, str) and re.fullmatch(r"[a-z]+\.[a-z_]+", name)}
    assert dotted <= set(POLICY.permissions)
    assert set(POLICY.permissions) <= asked | named, "a permission nobody asks for opens nothing"
    assert set(POLICY.permissions) == set(PERMISSION_LABELS)
    assert {name.partition(".")[0] for name in POLICY.permissions} == set(ROOM_LABELS)


def _asks(node: ast.Call) -> bool:
    name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
    return name in ("may", "permission", "holders", "_may")


def test_administrators_see_nothing_of_anybody() -> None:
    for role in ADMINISTRATORS:
        actor = Actor("1", "x", role, "")
        assert all(sight_of(actor, field) == "none" and not may_reveal(actor, field) for field in SIGHTS)
        assert not any(POLICY.may(role, name) for name in POLICY.people)


def test_full_sight_of_means_begins_with_a_purpose() -> None:
    officer = Actor("1", "x", "verification_officer", "990101")
    assert [sight_of(officer, field) for field in ("income", "health", "bank")] == ["totals", "totals", "limit"]
    opened = Actor("1", "x", "verification_officer", "990101", opened=frozenset(["income", "health", "bank"]))
    assert all(may_see(opened, field) for field in ("income", "health", "bank")) and level_of(opened) == "officer"
    registrar = Actor("1", "x", "registrar", "990101", opened=frozenset(["income", "health", "bank"]))
    assert not may_see(registrar, "bank") and level_of(registrar) == "township"


def test_the_level_of_a_report_never_shows_more_than_is_seen_of_each_class() -> None:
    assert level_for({"income": "full", "health": "full", "bank": "full"}) == "officer"
    assert level_for({"income": "full", "health": "full", "bank": "limit"}) == "township"
    for less in ({"income": "limit"}, {"health": "none"}, {"bank": "none"}):
        assert level_for({"income": "full", "health": "full", "bank": "full"} | less) == "limits"


def test_modes_see_less() -> None:
    viewing = Actor("1", "x", "verification_officer", "990101", mode=VIEWING, opened=frozenset(SIGHTS))
    assert all(sight_of(viewing, field) == "none" for field in SIGHTS)
    emergency = Actor("1", "x", "registrar", "990102", mode=EMERGENCY, opened=frozenset(["phone"]))
    assert [sight_of(emergency, field) for field in ("income", "health", "bank")] == ["limit"] * 3
    assert may_see(emergency, "phone") and not may_see(emergency, "address") and not may_see(emergency, "bank")
    assert may_reveal(emergency, "phone") and not may_reveal(emergency, "identity_number")


def test_the_page_says_every_role_permission_and_field(client: Client, make: Make) -> None:
    client.force_login(make("zhou", "security_administrator"))
    for language, words in (("zh-hans", "zh"), ("en", "en")):
        client.cookies["django_language"] = language
        page = client.get("/accounts/roles/").content.decode()
        for field in POLICY.fields.values():
            assert field.label[words].lower() in page.lower()
        assert POLICY.digest[:16] in page
    client.cookies["django_language"] = "zh-hans"
    page = client.get("/accounts/roles/").content.decode()
    assert all(str(label) in page for label in (*ROLE_LABELS.values(), *PERMISSION_LABELS.values()))
    assert len(ROLES) == page.count('<tr><th scope="row"><b>')
