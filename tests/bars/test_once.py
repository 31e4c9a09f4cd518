"""R-04: a form sent twice, by whatever way, has one effect; a page says so and leads to the result."""

from __future__ import annotations

import threading
import time
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.db import connection, connections, transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import resolve

from doudi.audit.models import Entry
from doudi.core import once
from doudi.core.errors import Stale
from doudi.core.models import Submission
from tests.bars.conftest import Bar
from tests.bars.discovered import routes
from tests.bars.pages import Form, read, small_file, walk
from tests.bars.seeded import WAGES, Seeded, seed, signed_in

NOT_EFFECTS = {"core_submission", "core_upload", "django_session"}
SAID, RUNS = "这件事刚才已经办好了", "还在办理"


def effects() -> dict[str, int]:
    """Rows of every table, and acts on record (looks may be many)."""
    found = {}
    with connection.cursor() as cursor:
        for model in apps.get_models():
            table = model._meta.db_table
            if table in NOT_EFFECTS or not model._meta.managed or table.startswith(("audit_", "procrastinate_")):
                continue
            cursor.execute(f'SELECT count(*) FROM "{table}"')
            found[table] = cursor.fetchone()[0]
    return found | {"acts": Entry.objects.filter(outcome="done").count()}


def sent(client: Client, form: Form, data: dict[str, Any]) -> HttpResponse:
    """The form as a browser sends it."""
    return client.post(form.action, data)


def opened(client: Client, wanted: Form) -> Form | None:
    """The same form, from its page opened anew: another tab."""
    answer = client.get(wanted.page, follow=True)
    if answer.status_code != 200:
        return None
    _links, forms = read(wanted.page, answer.content.decode())
    return next(
        (one for one in forms if one.method == "post" and one.kind == wanted.kind and one.action == wanted.action), None
    )


def files_for(form: Form) -> dict[str, Any]:
    """A file where one is asked for."""
    given: dict[str, Any] = {}
    for one in form.fields.values():
        if one.kind == "file":
            given[one.name] = small_file("shuiwu_gongzi_8.txt", WAGES + "202508|1|乙|某厂|200.00\n")
    return given


def filled(form: Form) -> dict[str, Any]:
    """What is sent; a file is made anew each time, since sending reads it to its end."""
    return form.filled(**files_for(form))


@pytest.fixture
def seeded(db: None, tmp_path: Path) -> Seeded:
    return seed(tmp_path)


@pytest.mark.bar("R-04", "double click, resend, back button, two tabs: one effect, on every form")
def test_every_form_has_one_effect(bar: Bar, seeded: Seeded) -> None:
    known: dict[str, set[str]] = {}
    tried, acted, wrong, bare = set(), [], [], []
    for role in seeded.grants:
        client = seeded.client(role)
        for _address, _answer, forms in list(walk(client, known)):
            for form in forms:
                if (form.kind) in tried:
                    continue
                tried.add(form.kind)
                bare += [f"{form.page} → {form.action}"] if "form_shown_at" not in form.fields else []
                point = transaction.savepoint()
                told = once_only(client, form)
                transaction.savepoint_rollback(point)
                acted += [form.action] if told is not None else []
                wrong += told or []
    bar.says(f"{len(tried)} forms, {len(acted)} of them acted when sent, each 4 times, {len(wrong)} second effects")
    assert not bare, bare
    assert not wrong, "\n".join(wrong)
    assert len(acted) >= 12, acted


def same_session(client: Client) -> Client:
    """Another connection of the same browser: a further sign-in would end the first one."""
    other = Client(raise_request_exception=False)
    other.cookies.update(client.cookies)
    return other


def is_repeatable(form: Form) -> bool:
    """Whether the address says why it may be sent again."""
    found = resolve(form.action.partition("?")[0])
    # a password said again changes nothing; each try is on record, and shall be
    return found.url_name == "account_reauthenticate" or bool(getattr(found.func, "doudi_repeatable", ""))


def once_only(client: Client, form: Form) -> list[str] | None:
    """What went wrong; None for a form that refused what was typed in a hurry, and had no effect at all."""
    other = opened(client, form)
    start = effects()
    first = sent(client, form, filled(form))
    after = effects()
    if first.status_code >= 500:
        return [f"{form.action}: {first.status_code}"]
    if after == start:
        return None
    ways = {"double click": form, "resend": form, "back button": form, "second tab": other}
    wrong = []
    for way, again in ways.items():
        if again is None:
            wrong.append(f"{form.action}: not there in a second tab")
            continue
        answer = sent(client, again, filled(again))
        if effects() != after:
            wrong.append(f"{form.action}: {way} had a second effect")
        is_said = answer.status_code == 200 and SAID in answer.content.decode()
        is_refused = answer.status_code == 403  # what was begun may not be begun again
        if not is_said and not is_refused and not is_repeatable(form):
            wrong.append(f"{form.action}: {way} is not told ({answer.status_code})")
    return wrong


@pytest.mark.bar("R-04", "every address that changes something is guarded or says why it may be repeated")
def test_every_changing_route_is_guarded(bar: Bar) -> None:
    changing = [route for route in routes() if route.changes()]
    reasons = [route for route in changing if getattr(route.view, "doudi_repeatable", "")]
    bare = [
        route.pattern for route in changing
        if not getattr(route.view, "doudi_once", False) and len(getattr(route.view, "doudi_repeatable", "")) < 10
    ]  # fmt: skip
    bar.says(f"{len(changing)} changing routes, {len(reasons)} repeatable by declaration, {len(bare)} bare")
    assert len(changing) > 30
    assert not bare


@pytest.mark.bar("R-04", "two clicks at the same instant: one effect")
def test_at_the_same_instant(bar: Bar, own_database: str, tmp_path: Path) -> None:
    seeded = seed(tmp_path)
    lost = 0
    wanted = (("county_officer", "/policy/drafts/new/"), ("system_administrator", "/accounts/new/"))
    clicks = bar.size(4, 16)
    for role, page in wanted:
        client = signed_in(seeded.grants[role])
        _links, forms = read(page, client.get(page).content.decode())
        form = next(one for one in forms if one.action == page)
        before, answers = effects(), []
        together(
            clicks,
            lambda form=form, client=client, answers=answers: answers.append(
                sent(same_session(client), form, filled(form))
            ),
        )
        after = effects()
        assert after["acts"] > before["acts"], [answer.status_code for answer in answers]
        done = [answer for answer in answers if answer.status_code == 200 and SAID in answer.content.decode()]
        told = done + [answer for answer in answers if answer.status_code == 409 and RUNS in answer.content.decode()]
        lost += clicks - 1 - len(told)
        made = Submission.objects.count()
        assert made == 1 + wanted.index((role, page)), "one effect of each form"
    bar.says(f"{len(wanted)} forms × {clicks} clicks at once: 1 effect each, {lost} not told")
    assert lost == 0


def together(count: int, act: Any) -> None:
    """So many threads, all begun at one moment, each with connections of its own."""
    gate = threading.Barrier(count)

    def run() -> None:
        gate.wait()
        try:
            act()
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_one_click_waits_and_further_ones_are_told_at_once(own_database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Else sixteen of a slow form hold every thread of the house."""
    monkeypatch.setattr(once, "PATIENCE", 3.0)
    digest, spent, gate = bytes(range(32)), [], threading.Event()

    def first() -> None:
        with transaction.atomic():
            once._wait_for_the_first(digest)
            gate.set()
            time.sleep(6)

    def again() -> None:
        gate.wait()
        begun = time.monotonic()
        with pytest.raises(Stale), transaction.atomic():
            once._wait_for_the_first(digest)
        spent.append(time.monotonic() - begun)

    turns = iter([first, *[again] * 5])
    lock = threading.Lock()

    def act() -> None:
        with lock:
            mine = next(turns)
        mine()

    together(6, act)
    assert len(spent) == 5 and sum(one > 2 for one in spent) == 1, spent


def test_a_form_opened_after_the_effect_is_a_new_intention(seeded: Seeded) -> None:
    client, page = seeded.client("county_officer"), "/policy/drafts/new/"
    for number in (1, 2):
        _links, forms = read(page, client.get(page).content.decode())
        form = next(one for one in forms if one.action == page)
        assert sent(client, form, filled(form)).status_code == 302
        assert Submission.objects.count() == number


def test_what_was_refused_may_be_sent_again(seeded: Seeded) -> None:
    client, page = seeded.client("county_officer"), "/policy/drafts/new/"
    _links, forms = read(page, client.get(page).content.decode())
    form = next(one for one in forms if one.action == page)
    empty = filled(form) | {"title": ""}
    assert sent(client, form, empty).status_code in (200, 400, 422)
    assert sent(client, form, filled(form)).status_code == 302, "the same page, corrected"


def test_somebody_else_is_somebody_else(seeded: Seeded) -> None:
    """The digest is of the account, too: nobody learns what another has sent."""
    first = seeded.client("county_officer")
    page = "/policy/drafts/new/"
    _links, forms = read(page, first.get(page).content.decode())
    form = next(one for one in forms if one.action == page)
    sent(first, form, filled(form))
    other = seeded.client("county_leader")
    assert SAID not in sent(other, form, filled(form)).content.decode()


def test_a_note_holds_no_content(seeded: Seeded) -> None:
    client, page = seeded.client("county_officer"), "/policy/drafts/new/"
    _links, forms = read(page, client.get(page).content.decode())
    form = next(one for one in forms if one.action == page)
    sent(client, form, filled(form) | {"title": "不能留下的话"})
    note = Submission.objects.get()
    assert len(bytes(note.digest)) == 32
    assert note.location.startswith("/policy/drafts/")
