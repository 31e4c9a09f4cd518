"""An enquiry's way through the zones and back; and that there is no other way."""

from __future__ import annotations

import http.cookiejar
import json
import os
import re
import socket
import subprocess
import sys
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from doudi.audit.models import Entry
from doudi.core.clock import today
from doudi.core.errors import Refused
from doudi.gateway import resident_views
from doudi.gateway.adapters.cell import Place
from doudi.gateway.logic.protocol import LONGEST_LINE, LONGEST_TEXT
from doudi.gateway.models import Enquiry
from doudi.gateway.outer import NeverKept
from doudi.gateway.resident_views import A_MINUTE, ASKED_A_MINUTE
from doudi.lib.per_minute import PerMinute
from doudi.site.postgres import Cluster
from tests.cases.signing_in import signed_in
from tests.gateway.conftest import COUNTY, ELSEWHERE, TOWNSHIP, apart, outer_process, outside

WORDS = "我家去年屋顶漏水，想问一问临时救助怎么申请。"
ANSWER = "请带户口簿到镇里窗口，先办后补。"


class Visitor:
    """A browser without an account."""

    def __init__(self, address: str) -> None:
        jar = http.cookiejar.CookieJar()
        self._opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))
        self._address = address

    def get(self, path: str) -> str:
        return str(self._opener.open(self._address + path, timeout=20).read().decode())

    def post(self, path: str, to: str = "", **fields: str) -> str:
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', self.get(path))
        assert token
        data = urllib.parse.urlencode(fields | {"csrfmiddlewaretoken": token[1]}).encode()
        return str(self._opener.open(self._address + (to or path), data, timeout=20).read().decode())


def test_an_enquiry_goes_in_and_an_answer_comes_out(place: Place, wire: Path) -> None:
    with outer_process(wire) as (address, _pid):
        visitor = Visitor(address)
        assert "社会救助网上来信" in visitor.get("/")
        assert "样例镇" in visitor.get("/write/") and "邻镇" not in visitor.get("/write/")
        received = visitor.post("/write/", area=TOWNSHIP, text=WORDS)
        shown = re.findall(r'<dd class="num">([0-9A-Z ]{12,14})</dd>', received)
        assert [len(part) for one in shown for part in one.split()] == [4, 4, 4, 4, 4, 2], "to be copied by hand"
        assert "信已交给样例镇" in received and "还可以查 3 年" in received
        receipt, code = ("".join(one.split()) for one in shown)
        waiting = visitor.post("/answer/", receipt=shown[0], code=shown[1].lower())
        assert "还没有答复" in waiting and today().isoformat() in waiting
        wide = receipt.translate(str.maketrans("0123456789", "０１２３４５６７８９"))
        assert "还没有答复" in visitor.post("/answer/", receipt=wide, code=code), "a Chinese keyboard's digits"
        held = Enquiry.objects.get()
        assert held.receipt == receipt and WORDS.encode() not in bytes(held.text_enc)
        near, far = signed_in("registrar", TOWNSHIP)[0], signed_in("registrar", ELSEWHERE)[0]
        page = f"/enquiries/{held.id}/"
        assert shown[0] in near.get("/enquiries/").content.decode()
        assert shown[0] not in far.get("/enquiries/").content.decode()
        assert far.get(page).status_code == 404 and far.post(page, {"text": "x"}).status_code == 404
        assert WORDS in near.get(page).content.decode()
        assert near.post(page, {"text": ANSWER}).status_code == 302
        assert near.post(page, {"text": "anders"}).status_code == 409
        answered = visitor.post("/answer/", receipt=receipt, code=code.lower())
        assert ANSWER in answered and answered.count(f'<span class="num">{today()}</span>') == 2, (
            "received on, answered on"
        )
        assert "对不上" in visitor.post("/answer/", receipt=receipt, code="0" * 10)
        kept = visitor.get("/privacy/")
        assert "/privacy/" in visitor.get("/") and "网上来信和答复" in kept and "部门送来的原始文件" in kept
        for path, field in (("/language/", {"language": "en"}), ("/elder/", {"elder": "1"})):
            assert visitor.post("/write/", to=path, **field)
        assert "Write" in visitor.get("/") or "letter" in visitor.get("/").lower()
        kept = visitor.get("/privacy/")
        assert "Enquiries over the internet and their answers" in kept and "Basis: " in kept
        assert not re.findall(
            "[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]", kept.replace("兜底", "").replace("简体中文", "")
        )
    noted = Entry.objects.filter(verb__startswith="gateway.").order_by("at").values_list("verb", "outcome", "role")
    assert list(noted) == [
        ("gateway.submit", "done", "visitor"), ("gateway.ask", "seen", "visitor"), ("gateway.ask", "seen", "visitor"),
        ("gateway.read", "seen", "registrar"), ("gateway.answer", "done", "registrar"),
        ("gateway.ask", "seen", "visitor"), ("gateway.ask", "refused", "visitor"),
    ]  # fmt: skip
    assert bytes(Enquiry.objects.get().answer_enc).find(ANSWER.encode()) == -1


TRIES = """
import socket, sys
shut = 0
for path in sys.argv[2:]:
    try:
        open(path).close()
    except OSError:
        shut += 1
with socket.socket(socket.AF_UNIX) as wire:
    try:
        wire.connect(sys.argv[1])
    except OSError:
        shut += 1
print(shut)
"""


def test_the_outer_process_has_no_way_to_the_house(place: Place, wire: Path, home: Path, cluster: Cluster) -> None:
    """It works where the house's files are not to be had at all, and nothing of the house reaches it otherwise."""
    hidden = (cluster.socket_folder(), home)
    with outer_process(wire, *hidden) as (address, pid):
        assert "样例镇" in Visitor(address).get("/write/")
        environment = Path(f"/proc/{pid}/environ").read_bytes()
        assert str(home).encode() not in environment and b"DATABASE" not in environment
        opened = [os.readlink(path) for path in Path(f"/proc/{pid}/fd").iterdir()]
        assert not [path for path in opened if path.startswith(str(home))]
    if not apart(*hidden) and "user" not in outside():
        pytest.skip("this account can neither become another nor hide a folder from a process")
    wanted = [home / "keys" / "field-1", home / "keys" / "pg-gateway", home / "gateway" / "gateway.json"]
    wanted += [home / "pg" / "data" / "PG_VERSION"]
    assert all(path.exists() for path in wanted)
    command = [*apart(*hidden), sys.executable, "-c", TRIES, str(cluster.socket_folder() / ".s.PGSQL.5432")]
    found = subprocess.run(
        [*command, *map(str, wanted)], check=True, capture_output=True, text=True, **outside()
    )  # fmt: skip
    assert found.stdout.strip() == "5"


def test_the_outer_process_loads_no_table_and_no_key() -> None:
    code = """
import os, sys
os.environ["DJANGO_SETTINGS_MODULE"] = "doudi.site.outer_settings"
from doudi.site.outer_wsgi import application
from django.db import connections
assert connections["default"].vendor == "unknown", "Django's stand-in for no database"
apps = {name.split(".")[1] for name in sys.modules if name.startswith("doudi.")}
print(sorted(apps & {"registry", "cases", "audit", "accounts", "sources", "matching", "areas"}))
"""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("DOUDI_", "DJANGO_"))}
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, env=kept)
    assert found.stdout.strip() == "[]", found.stderr


@pytest.mark.parametrize(
    "line",
    [
        b"", b"\n", b"x\n", b"[]\n", b"null\n", b"{}\n", b'{"do":"areas"}\n', b'{"do":"areas","within":"99"}\n',
        b'{"do":"areas","within":"990101","more":1}\n', b'{"do":"areas","within":["990101"]}\n',
        b'{"do":"_called","within":"990101"}\n', b'{"do":"__init__"}\n', b'{"do":null}\n', b"\xff\xfe\n",
        b'{"do":"submit","area":"990101001","text":""}\n', b'{"do":"submit","area":"990101001","text":"a\\u0000b"}\n',
        b'{"do":"answer","receipt":"000000000001","code":"OOOOOOOOOO"}\n',
        b'{"do":"answer","receipt":"1 OR 1=1","code":"0000000000"}\n', b"[" * 15_000 + b"\n",
        b'{"do":"areas","within":"' + b"9" * LONGEST_LINE + b'"}\n', b'{"do":"areas","within":"990101"}',
        json.dumps({"do": "submit", "area": TOWNSHIP, "text": "长" * (LONGEST_TEXT + 1)}).encode() + b"\n",
    ],
)  # fmt: skip
def test_whatever_is_not_a_message_is_refused(place: Place, wire: Path, line: bytes) -> None:
    assert sent(wire, line) == {"ok": False, "why": "message"}
    assert not Enquiry.objects.exists()


def test_a_message_is_answered(place: Place, wire: Path) -> None:
    line = json.dumps({"do": "areas", "within": COUNTY}).encode() + b"\n"
    assert sent(wire, line) == {"ok": True, "areas": [[TOWNSHIP, "样例镇"]]}


def test_an_area_that_is_none_is_refused(place: Place, wire: Path) -> None:
    line = json.dumps({"do": "submit", "area": "990199001", "text": "x"}).encode() + b"\n"
    assert sent(wire, line) == {"ok": False, "why": "area"}


@pytest.fixture
def one_minute(wire: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """The internet zone's pages in this process, in a minute that does not pass."""
    settings.GATEWAY_SOCKET, settings.OUTER_AREA, settings.PROXIES = str(wire), COUNTY, 1
    monkeypatch.setattr(resident_views, "_written", PerMinute())
    monkeypatch.setattr(resident_views, "_asked", PerMinute())
    monkeypatch.setattr(resident_views, "render", lambda *_given: HttpResponse())
    monkeypatch.setattr(resident_views.time, "monotonic", lambda: 30.0)


LETTER = {"area": TOWNSHIP, "text": WORDS}
RECEIPT = {"receipt": "123456789012", "code": "ABCDEFGH23"}


@pytest.mark.parametrize(
    ("view", "fields", "most"),
    [(resident_views.write, LETTER, A_MINUTE), (resident_views.answer, RECEIPT, ASKED_A_MINUTE)],
)
def test_one_address_cannot_use_up_what_all_may_ask(
    one_minute: None, rf: RequestFactory, view: Callable[..., HttpResponse], fields: dict[str, str], most: int
) -> None:
    def is_answered(address: str) -> bool:
        told = {"X-Forwarded-For": f"198.51.100.1, {address}"}
        try:
            return NeverKept(view)(rf.post("/", fields, headers=told)).status_code == 200
        except Refused:
            return False

    assert [is_answered("192.0.2.7") for _ in range(most + 2)] == [True] * most + [False] * 2
    assert is_answered("192.0.2.8"), "others go on"


def test_behind_a_proxy_that_ends_tls_it_is_not_redirected_for_ever() -> None:
    code = """
import os
os.environ |= {"DJANGO_SETTINGS_MODULE": "doudi.site.outer_settings", "DOUDI_HTTPS": "1",
               "DOUDI_PROXY_SSL_HEADER": "X-Forwarded-Proto"}
from doudi.site.outer_wsgi import application
from django.test import Client
print(Client().get("/", headers={"host": "localhost", "X-Forwarded-Proto": "https"}).status_code)
print(Client().get("/", headers={"host": "localhost"}).status_code)
"""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("DOUDI_", "DJANGO_"))}
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, env=kept)
    assert found.stdout.split() == ["200", "301"], found.stderr


def test_a_silent_gateway_is_told(tmp_path: Path) -> None:
    with outer_process(tmp_path / "nothing") as (address, _pid), pytest.raises(urllib.error.HTTPError) as caught:
        Visitor(address).get("/write/")
    assert caught.value.code == 503 and "12345" in caught.value.read().decode()


def sent(wire: Path, line: bytes) -> dict[str, object]:
    """A line and its answer, as any process at the socket's other end could send it."""
    with socket.socket(socket.AF_UNIX) as end:
        end.settimeout(20)
        end.connect(str(wire))
        end.sendall(line)
        end.shutdown(socket.SHUT_WR)
        answer: dict[str, object] = json.loads(end.makefile("rb").readline())
        return answer
