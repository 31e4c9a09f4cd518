"""Each kind of our errors becomes a page with its status; what is not ours stays a failure."""

from __future__ import annotations

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import reverse

from doudi.core.access import permission, public, signed_in
from doudi.core.actor import Actor
from doudi.core.errors import DoudiError, Forbidden, Malformed, Missing, Refused, Stale, Unavailable
from doudi.core.middleware import ErrorsToHttp

KINDS = [(Refused, 409), (Forbidden, 403), (Missing, 404), (Stale, 409), (Malformed, 400), (Unavailable, 503)]


def _request() -> HttpRequest:
    from django.contrib.auth.models import AnonymousUser

    request = RequestFactory().get("/somewhere/")
    request.user = AnonymousUser()
    return request


@pytest.mark.parametrize(("kind", "status"), KINDS)
def test_an_error_says_what_and_why_and_its_code(kind: type[DoudiError], status: int) -> None:
    answer = ErrorsToHttp(lambda _: HttpResponse()).process_exception(_request(), kind("x.code", "出了什么事"))
    assert answer is not None and answer.status_code == status
    text = answer.content.decode()
    assert "出了什么事" in text and "x.code" in text and "什么也没有改动" in text


def test_what_is_not_ours_is_left_alone() -> None:
    assert ErrorsToHttp(lambda _: HttpResponse()).process_exception(_request(), ValueError("personal")) is None


def test_an_error_is_shown_safely() -> None:
    answer = ErrorsToHttp(lambda _: HttpResponse()).process_exception(_request(), Refused("x", "<script>alert(1)"))
    assert answer is not None and b"<script>alert" not in answer.content


def test_a_page_that_is_not_there_is_one_of_ours_for_everybody(client: Client, db: None) -> None:
    answer = client.get("/nowhere/")
    assert answer.status_code == 404 and "没有这一页" in answer.content.decode()


def test_a_failure_is_a_calm_page_without_details(db: None) -> None:
    from django.views.defaults import server_error

    answer = server_error(_request())
    assert answer.status_code == 500 and "这不是您的错" in answer.content.decode()


def test_a_permission_asks_for_one_of_its_roles() -> None:
    @permission("x.do", ["handler"])
    def view(request: HttpRequest) -> HttpResponse:
        return HttpResponse("done")

    request = _request()
    for actor in (None, Actor("1", "n", "registrar", "99")):
        request.actor = actor  # type: ignore[attr-defined]
        with pytest.raises(Forbidden):
            view(request)
    request.actor = Actor("1", "n", "handler", "99")  # type: ignore[attr-defined]
    assert view(request).content == b"done"
    assert view.doudi_access == "x.do" and view.doudi_roles == {"handler"}  # type: ignore[attr-defined]


def test_views_are_marked() -> None:
    def view(request: HttpRequest) -> HttpResponse:
        return HttpResponse()

    assert public(view).doudi_access == "public"  # type: ignore[attr-defined]
    assert signed_in(view).doudi_access == "signed_in"  # type: ignore[attr-defined]


@pytest.mark.parametrize("address", ["/", "/search/", "/accounts/list/", "/areas/", "/audit/", "/policy/"])
def test_without_a_login_every_page_leads_to_it(client: Client, db: None, address: str) -> None:
    answer = client.get(address)
    assert answer.status_code == 302 and answer["Location"].startswith(reverse("account_login"))
