"""Looks beyond one's grant: emergencies end, are reported and reviewed; viewing as a role shows nobody; none writes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.test import Client

from doudi.accounts.access import LOOKING_KEY
from doudi.accounts.actions import begin_emergency, confirm_grant, review_emergency, withdraw_grant
from doudi.accounts.logic.roles import POLICY
from doudi.accounts.models import EmergencyLook, Grant
from doudi.accounts.queries import grants_due, grants_of, review_state
from doudi.areas.actions import load_area_rows
from doudi.audit.actions import record_act
from doudi.audit.models import Entry
from doudi.core.actor import EMERGENCY, VIEWING, Actor
from doudi.core.clock import now, today
from doudi.core.errors import DoudiError, Forbidden, Malformed, Refused
from doudi.core.worklist import worklist
from doudi.registry.models import Household
from tests.accounts.conftest import Make
from tests.desk.conftest import family as family
from tests.registry.conftest import number

pytestmark = pytest.mark.django_db
OTHER, REASON = "990102001", "走失老人在邻乡，需要马上联系家人"
Family = Callable[..., Household]


@pytest.fixture(autouse=True)
def areas(db: None) -> None:
    rows = [
        ("99", "省"),
        ("9901", "市"),
        ("990101", "云溪县"),
        ("990101003", "石桥乡"),
        ("990102", "邻县"),
        (OTHER, "邻乡"),
    ]
    load_area_rows(actor=Actor.system(), at=now(), rows=rows, from_on=date(2020, 1, 1))


@pytest.fixture
def far(family: Family) -> Household:
    return family("马远方", area="990102001001", sequence=2)


def begun(client: Client, **changes: object) -> EmergencyLook:
    given = {"area": OTHER, "fields_opened": ["identity_number"], "reason": REASON} | changes
    answer = client.post("/accounts/emergency/", given)
    assert answer.status_code == 302, answer.content.decode()
    return EmergencyLook.objects.latest("begun_at")


def at_other_times(client: Client, look: EmergencyLook, begun_in: timedelta, until_in: timedelta) -> None:
    """The session goes on with a look of other hours: one that was begun stays as it was."""
    look.pk, look.begun_at, look.until_at = uuid4(), now() + begun_in, now() + until_in
    look.save(force_insert=True)
    session = client.session
    session[LOOKING_KEY] = session[LOOKING_KEY] | {"look": str(look.pk)}
    session.save()


def test_an_emergency_opens_another_township_to_the_eye_alone(client: Client, make: Make, far: Household) -> None:
    client.force_login(make("zhou", "registrar"))
    page = f"/households/{far.id}/"
    assert client.get(page).status_code == 403
    look = begun(client)
    answer = client.get(page)
    assert answer.status_code == 200 and "马远方" in answer.content.decode()
    assert "应急查看：" in answer.content.decode() and "结束应急查看" in answer.content.decode()
    assert number("19800101", 20) not in answer.content.decode()
    assert client.post("/cases/new/").status_code == 403, "nothing is written"
    assert client.post("/search/", {"q": "马远方"}, follow=True).status_code == 200, "a search only looks"
    seen = Entry.objects.filter(verb="desk.open_household", outcome="seen").latest("at")
    assert (seen.purpose, seen.area_code) == ("emergency", OTHER)
    begin = Entry.objects.get(verb="accounts.begin_emergency")
    assert begin.reason == REASON and begin.purpose == ""
    assert client.post("/accounts/looking/end/").status_code == 302
    look.refresh_from_db()
    assert look.ended_at is not None and client.get(page).status_code == 403


def test_a_number_is_revealed_in_an_emergency_only_where_it_was_opened(
    client: Client, make: Make, far: Household
) -> None:
    client.force_login(make("zhou", "registrar"))
    address = f"/registry/persons/{far.head_id}/number/"
    begun(client, fields_opened=[])
    assert client.post(address, {"purpose": "handle_application"}).status_code == 403
    client.post("/accounts/looking/end/")
    begun(client)
    shown = client.post(address, {"purpose": "handle_application"})
    assert shown.status_code == 200 and number("19800101", 20) in shown.content.decode()
    entry = Entry.objects.get(verb="registry.reveal_number", outcome="seen")
    assert entry.purpose == "emergency" and entry.reason == "handle_application"


def test_it_ends_by_itself_after_its_hours(client: Client, make: Make, far: Household) -> None:
    client.force_login(make("zhou", "registrar"))
    look = begun(client)
    assert look.until_at - look.begun_at == timedelta(hours=POLICY.emergency.hours)
    at_other_times(client, look, timedelta(hours=-9), timedelta(seconds=-1))
    answer = client.get(f"/households/{far.id}/")
    assert answer.status_code == 403 and "应急查看：" not in answer.content.decode()
    assert LOOKING_KEY not in client.session


def test_a_clock_set_back_does_not_lengthen_it(client: Client, make: Make, far: Household) -> None:
    client.force_login(make("zhou", "registrar"))
    at_other_times(client, begun(client), timedelta(hours=1), timedelta(hours=5))
    assert client.get(f"/households/{far.id}/").status_code == 403


def test_a_withdrawn_grant_ends_it_too(client: Client, make: Make, far: Household) -> None:
    account = make("zhou", "registrar")
    client.force_login(account)
    begun(client)
    withdraw_grant(actor=Actor.system(), at=now(), grant=Grant.objects.get(account=account), reason="moved")
    assert client.get(f"/households/{far.id}/").status_code == 403


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"reason": "急"}, "理由太短"),
        ({"reason": "　　　　　　　　　　　　"}, "必填"),
        ({"reason": f"找 {number('19800101', 20)} 的家人，很急"}, "不要写证号"),
        ({"reason": "电话 13912345678 打不通，需要联系家人"}, "不要写证号"),
        ({"area": "990102"}, "没有这个乡镇或村居"),
        ({"area": "990109001"}, "没有这个乡镇或村居"),
        ({"area": "' OR 1=1"}, "没有这个乡镇或村居"),
        ({"fields_opened": ["bank"]}, "bank"),
    ],
)
def test_what_is_no_emergency_is_refused(client: Client, make: Make, changes: dict[str, object], words: str) -> None:
    client.force_login(make("zhou", "registrar"))
    answer = client.post("/accounts/emergency/", {"area": OTHER, "reason": REASON} | changes)
    assert answer.status_code == 400 and not EmergencyLook.objects.exists()
    if words != "必填":
        assert words in answer.content.decode()


def test_the_action_itself_holds_the_rules(make: Make) -> None:
    account = make("zhou", "registrar")
    grant = Grant.objects.get(account=account)
    actor = Actor(str(account.id), "周", "registrar", "990101003", "", "", str(grant.id))
    for wrong, error in (
        ({"fields": ["bank"]}, Malformed),
        ({"area": "990101003", "fields": []}, Refused),
        ({"reason": "急"}, Malformed),
    ):
        with pytest.raises(error):
            begin_emergency(**{"actor": actor, "at": now(), "area": OTHER, "fields": [], "reason": REASON} | wrong)
    for role in ("auditor", "system_administrator", "security_administrator"):
        with pytest.raises(Forbidden):
            other = Actor(str(account.id), "周", role, "", "", "", str(grant.id))
            begin_emergency(actor=other, at=now(), area=OTHER, fields=[], reason=REASON)
    first = begin_emergency(actor=actor, at=now(), area=OTHER, fields=[], reason=REASON)
    begin_emergency(actor=actor, at=now(), area=OTHER, fields=[], reason=REASON)
    first.refresh_from_db()
    assert first.ended_at is not None, "one at a time: a new one ends the one before"
    begin_emergency(actor=actor, at=now(), area=OTHER, fields=[], reason=REASON)
    with pytest.raises(Refused) as refused:
        begin_emergency(actor=actor, at=now(), area=OTHER, fields=[], reason=REASON)
    assert refused.value.code == "accounts.emergency_too_many", "what was looked at is reviewed first"


def test_the_security_administrator_and_the_leader_there_are_told_and_close_it(
    client: Client, make: Make, far: Household
) -> None:
    clerk = make("zhou", "registrar")
    client.force_login(clerk)
    look = begun(client)
    client.get(f"/households/{far.id}/")
    leader, elsewhere = make("li", "township_leader", area=OTHER), make("wu", "township_leader")
    actor = Actor(str(leader.id), "李", "township_leader", OTHER)
    assert [item for item in worklist.collect(actor, today()) if item.key == f"emergency:{look.id}"]
    stranger = Actor(str(elsewhere.id), "吴", "township_leader", "990101003")
    assert not [item for item in worklist.collect(stranger, today()) if item.key.startswith("emergency:")]
    address = f"/accounts/emergencies/{look.id}/"
    other = Client()
    other.force_login(elsewhere)
    assert (
        other.get(address).status_code == 404
        and str(look.id) not in other.get("/accounts/emergencies/").content.decode()
    )
    security = Client()
    security.force_login(make("feng", "security_administrator"))
    page = security.get(address).content.decode()
    assert REASON in page and "看了家庭" in page and "马远方" not in page
    assert security.post(address, {"finding": "unjustified", "remark": ""}).status_code == 400
    answer = security.post(address, {"finding": "unjustified", "remark": "邻乡已有人处理"})
    assert answer.status_code == 302
    look.refresh_from_db()
    assert (look.finding, look.reviewed_name) == ("unjustified", "周feng") and look.ended_at is not None
    assert client.get(f"/households/{far.id}/").status_code == 403, "the review ends it"
    assert not [item for item in worklist.collect(actor, today()) if item.key.startswith("emergency:")]


def test_nobody_reviews_their_own(make: Make) -> None:
    account = make("li", "township_leader", area="990101003")
    grant = Grant.objects.get(account=account)
    actor = Actor(str(account.id), "李", "township_leader", "990101003", "", "", str(grant.id))
    look = begin_emergency(actor=actor, at=now(), area=OTHER, fields=[], reason=REASON)
    with pytest.raises(Forbidden):
        review_emergency(actor=actor, at=now(), look=look.id, finding="justified", remark="")


@pytest.mark.parametrize("mode", [EMERGENCY, VIEWING])
def test_no_act_goes_through_in_a_mode_that_only_reads(make: Make, mode: str) -> None:
    actor = Actor("1", "x", "handler", OTHER, mode=mode)
    with pytest.raises(Forbidden):
        record_act(actor=actor, verb="cases.propose_opinion", subjects=[], at=now())


def test_viewing_as_a_role_shows_its_pages_and_nobody(client: Client, make: Make, family: Family) -> None:
    near = family("张桂兰", sequence=1)
    client.force_login(make("feng", "security_administrator"))
    assert client.get("/search/").status_code == 403
    assert client.post("/accounts/view-as/", {"role": "auditor"}).status_code == 400, "its pages are the log"
    assert client.post("/accounts/view-as/", {"role": "registrar"}).status_code == 302
    page = client.get("/search/")
    assert page.status_code == 200 and "角色预览：登记员" in page.content.decode()
    found = client.post("/search/", {"q": "张桂兰"}, follow=True).content.decode()
    assert "没有找到" in found
    assert client.get(f"/households/{near.id}/").status_code == 403
    assert client.get(f"/registry/persons/{near.head_id}/number/").status_code == 403
    assert client.get("/cases/").status_code == 200 and client.get("/cases/new/").status_code == 200
    assert client.post("/cases/new/").status_code == 403
    assert client.get("/audit/").status_code == 403 and client.get("/accounts/list/").status_code == 403
    entry = Entry.objects.filter(verb="cases.list").latest("at")
    assert (entry.purpose, entry.role) == ("view_as", "registrar")
    client.post("/accounts/looking/end/")
    assert client.get("/search/").status_code == 403 and client.get("/accounts/list/").status_code == 200
    assert [e.outcome for e in Entry.objects.filter(verb__in=["accounts.begin_viewing", "accounts.end_viewing"])] == [
        "seen"
    ] * 2


@pytest.mark.parametrize("role", ["registrar", "verification_officer", "auditor", "system_administrator"])
def test_nobody_else_views_as_a_role(client: Client, make: Make, role: str) -> None:
    client.force_login(make("zhou", role))
    assert client.post("/accounts/view-as/", {"role": "registrar"}).status_code == 403


def test_viewing_ends_by_itself(client: Client, make: Make) -> None:
    client.force_login(make("feng", "security_administrator"))
    client.post("/accounts/view-as/", {"role": "registrar"})
    session = client.session
    session[LOOKING_KEY] = session[LOOKING_KEY] | {"until": now().isoformat()}
    session.save()
    assert client.get("/search/").status_code == 403


def test_grants_fall_due_warn_and_lapse(client: Client, make: Make) -> None:
    account = make("zhou", "registrar")
    grant, review, on = Grant.objects.get(), POLICY.grant_review, today()
    client.force_login(account)
    for days, state in (
        (0, "confirmed"),
        (review.days - review.warn_days, "soon"),
        (review.days, "overdue"),
        (review.days + review.grace_days - 1, "overdue"),
        (review.days + review.grace_days, "lapsed"),
    ):
        Grant.objects.update(reviewed_on=on - timedelta(days=days))
        grant.refresh_from_db()
        assert review_state(grant, on) == state, days
        assert (grant in grants_due(on)) == (state != "confirmed")
        assert list(grants_of(account, on)) == ([] if state == "lapsed" else [grant])
        page = client.get("/search/")
        assert page.status_code == (403 if state == "lapsed" else 200)
        assert ("还没有确认" in page.content.decode()) == (state == "overdue")


def test_the_security_administrator_confirms_and_a_lapsed_grant_holds_again(client: Client, make: Make) -> None:
    account, admin = make("zhou", "registrar"), make("feng", "security_administrator")
    grant = Grant.objects.get(account=account)
    long_ago = today() - timedelta(days=400)
    Grant.objects.update(reviewed_on=long_ago)
    client.force_login(admin)
    page = client.get("/accounts/reviews/").content.decode()
    assert page.count("已失效") == 1 and "由别人复核" in page, "administrators' grants are overdue and never lapse"
    assert client.post(f"/accounts/grants/{grant.id}/confirm/").status_code == 302
    grant.refresh_from_db()
    assert grant.reviewed_on == today() and list(grants_of(account, today())) == [grant]
    assert Entry.objects.filter(verb="accounts.confirm_grant").count() == 1
    own = Grant.objects.get(account=admin)
    assert client.post(f"/accounts/grants/{own.id}/confirm/").status_code == 403
    with pytest.raises(DoudiError):
        confirm_grant(actor=Actor("1", "x", "registrar", "99"), at=now(), grant=grant, on=today())


def test_a_grant_of_another_department_says_what_for_first(client: Client, make: Make, family: Family) -> None:
    near = family("张桂兰", sequence=1)
    account = make("sun", "auditor")
    Grant.objects.update(department="audit")
    client.force_login(account)
    page = f"/households/{near.id}/"
    answer = client.get(page)
    assert answer.status_code == 302 and answer["Location"].startswith("/accounts/purpose/?next=")
    assert client.get(answer["Location"]).status_code == 200
    assert client.post(answer["Location"], {"purpose": ""}).status_code == 400
    assert client.get(page).status_code == 302
    said = client.post(answer["Location"], {"purpose": "supervise", "note": "年度审计"})
    assert said["Location"] == page
    assert "张桂兰" in client.get(page).content.decode()
    assert Entry.objects.get(verb="desk.open_household").purpose == "supervise"
    stated = Entry.objects.get(verb="accounts.state_purpose")
    assert (stated.purpose, stated.reason) == ("supervise", "年度审计")
    session = client.session
    session["purposes"] = {key: [name, now().isoformat()] for key, (name, _) in session["purposes"].items()}
    session.save()
    assert client.get(page).status_code == 302, "it is good for some minutes"


def test_nobody_is_sent_to_another_site_after_saying_what_for(client: Client, make: Make) -> None:
    account = make("sun", "auditor")
    Grant.objects.update(department="audit")
    client.force_login(account)
    answer = client.post("/accounts/purpose/?next=https://elsewhere.example/", {"purpose": "supervise"})
    assert answer["Location"] == "/"


def test_a_role_is_granted_only_for_its_departments(client: Client, make: Make) -> None:
    account = make("zhou")
    client.force_login(make("feng", "security_administrator"))
    given = {"role": "registrar", "area": "990101003", "department": "audit"}
    answer = client.post(f"/accounts/{account.id}/grants/", given)
    assert "不能授权给这个部门" in answer.content.decode() and not Grant.objects.filter(account=account).exists()
    client.post(f"/accounts/{account.id}/grants/", given | {"role": "auditor"})
    assert Grant.objects.get(account=account).department == "audit"
