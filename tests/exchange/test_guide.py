"""The guide's example works as it stands, in both languages, but for the address and who asks."""

from __future__ import annotations

import json
import os
import re
import secrets
import shutil
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from doudi.core.actor import Actor
from doudi.core.clock import now, today
from doudi.exchange.models import Subscription, Use
from tests.architecture.project import ROOT
from tests.exchange.conftest import IN, build

BLOCK = re.compile(r"^```sh\n(.*?)^```", re.S | re.M)


@pytest.mark.skipif(shutil.which("curl") is None, reason="the guide uses curl")
@pytest.mark.parametrize("guide", ["share-data.md", "share-data.zh.md"])
def test_the_example_of_the_guide_works(guide: str, live_site: str, tmp_path: Path) -> None:
    from doudi.accounts.actions import create_service, new_service_secret

    build()
    guard, at = Actor.system(), now()
    service = create_service(
        actor=guard, at=at, name="县医保局待遇系统", department="medical_insurance", area="990101", purpose="sharing",
        scopes=["products.dibao_today"], to_on=today() + timedelta(days=30),
    )  # fmt: skip
    secret = new_service_secret(actor=guard, at=at, service=service, random=secrets.token_urlsafe(32))
    script = "\n".join(BLOCK.findall((ROOT / "docs" / "guides" / guide).read_text(encoding="utf-8")))
    script = script.replace("http://localhost:8000", live_site).replace("scripts/", f"{ROOT}/scripts/")
    known = {"ID": str(service.id), "SECRET": secret.text, "NUMBER": IN}
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        ["bash", "-e", "-c", script], cwd=tmp_path, env=os.environ | known | {"PATH": path}, capture_output=True,
        text=True, check=False, timeout=120,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-1500:] + done.stderr[-1500:]
    assert json.loads((tmp_path / "answer.json").read_text())["answer"] == "yes"
    assert Use.objects.filter(outcome="yes").count() == 1 and Use.objects.filter(kind="changes").count() == 1
    assert Subscription.objects.get().ended_at is not None
