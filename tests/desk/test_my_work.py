"""My work: what the apps have for somebody, the most urgent first, in working days; said in a sentence."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from django.test import Client

from doudi.audit.models import Entry, EntrySubject
from doudi.core.actor import Actor
from doudi.core.sockets import Socket
from doudi.core.worklist import WorkItem
from doudi.desk import queries, views
from doudi.desk.queries import my_work
from tests.accounts.conftest import Make

TUESDAY = date(2026, 7, 14)
ZHOU = Actor("1", "周敏", "handler", "990101003")

pytestmark = pytest.mark.django_db


def item(key: str, due_on: date | None = None, step: str = "待提意见") -> WorkItem:
    return WorkItem(key, f"{key} 户", "低保申请", step, f"/cases/{key}/", "看结论", due_on, "990101003001")


@pytest.fixture
def given(monkeypatch: pytest.MonkeyPatch) -> list[WorkItem]:
    """What the only app has; filled by the test."""
    things: list[WorkItem] = []
    socket: Socket[WorkItem] = Socket("test")

    def filler(actor: Actor, today: date) -> Iterator[WorkItem]:
        yield from things

    socket.fill(filler)
    monkeypatch.setattr(queries, "worklist", socket)
    monkeypatch.setattr(views, "today", lambda: TUESDAY)
    return things


def test_the_most_urgent_comes_first_and_what_has_no_term_last(given: list[WorkItem]) -> None:
    given += [item("open"), item("later", date(2026, 8, 3)), item("late", date(2026, 7, 10)), item("now", TUESDAY)]
    work = my_work(ZHOU, TUESDAY)
    assert [line.item.key for line in work.lines] == ["late", "now", "later", "open"]
    assert [line.state for line in work.lines] == ["late", "today", "later", "open"]
    assert (work.late, work.today, work.soon) == (1, 1, 0)


@pytest.mark.parametrize(
    ("due_on", "left", "state"),
    [
        (date(2026, 7, 13), -1, "late"),
        (date(2026, 7, 10), -2, "late"),
        (date(2026, 7, 15), 1, "soon"),
        (date(2026, 7, 21), 5, "soon"),
        (date(2026, 7, 22), 6, "later"),
    ],
)
def test_time_is_counted_in_working_days(given: list[WorkItem], due_on: date, left: int, state: str) -> None:
    given.append(item("a", due_on))
    (line,) = my_work(ZHOU, TUESDAY).lines
    assert (line.left, line.state) == (left, state)


def test_what_was_due_on_a_weekend_is_late_on_monday(given: list[WorkItem]) -> None:
    given.append(item("a", date(2026, 7, 18)))
    (line,) = my_work(ZHOU, date(2026, 7, 19)).lines
    assert line.state == "late" and line.late_by == 1


def test_holidays_are_no_working_days(given: list[WorkItem]) -> None:
    given.append(item("a", date(2026, 10, 9)))
    (line,) = my_work(ZHOU, date(2026, 9, 30)).lines
    assert line.left == 2


def test_the_page_says_it_in_a_sentence_and_offers_the_next_act(
    client: Client, make: Make, given: list[WorkItem]
) -> None:
    given += [item("late", date(2026, 7, 10)), item("now", TUESDAY), item("open")]
    client.force_login(make("zhou", "handler"))
    text = client.get("/").content.decode()
    assert "7月14日 星期二" in text and "有 <b>1</b> 件已过期限，今天要办 <b>1</b> 件。" in text
    assert "过期 2 个工作日" in text and 'href="/cases/late/"' in text and "看结论" in text and "没有期限" in text


def test_without_work_the_page_says_so(client: Client, make: Make, given: list[WorkItem]) -> None:
    client.force_login(make("zhou", "handler"))
    text = client.get("/").content.decode()
    assert "手头没有要办的事。" in text and "查找家庭" in text


def test_a_long_list_has_pages(client: Client, make: Make, given: list[WorkItem]) -> None:
    given += [item(f"k{n:03d}", TUESDAY) for n in range(60)]
    client.force_login(make("zhou", "handler"))
    text = client.get("/").content.decode()
    assert text.count('class="act"') == 50 and 'rel="next"' in text


@pytest.mark.parametrize("role", ["system_administrator", "security_administrator", "audit_administrator"])
def test_who_works_on_no_cases_sees_what_their_grant_opens(client: Client, make: Make, role: str) -> None:
    client.force_login(make("zhou", role))
    answer = client.get("/", follow=True)
    assert answer.redirect_chain == [(f"/console/{role.removesuffix('_administrator')}/", 302)]
    assert answer.status_code == 200 and 'role="search"' not in answer.content.decode()


def test_what_is_shown_of_whom_is_on_record_before_the_page(client: Client, make: Make, given: list[WorkItem]) -> None:
    client.force_login(make("zhou", "handler"))
    client.get("/")
    assert not Entry.objects.filter(verb="desk.my_work").exists(), "nobody is on an empty page"
    given += [item("cases:SQ1"), item("cases:SQ2")]
    assert client.get("/").status_code == 200
    entry = Entry.objects.get(verb="desk.my_work", outcome="seen")
    shown = EntrySubject.objects.filter(entry_id=entry.id).values_list("kind", "subject").order_by("subject")
    assert list(shown) == [("work", "cases:SQ1"), ("work", "cases:SQ2")]
