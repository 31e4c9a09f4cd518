"""Schemathesis for the bar of the sharing API, in a process of its own: `python -m tests.bars.sharing_calls ADDRESS N
[--full]`. Callers come on its input as JSON, a name and a token each (an empty one for nobody); what it saw is its last
line. Beyond the description it is told of numbers that are numbers and of names that exist; what is wrong on purpose
is left as it is.
"""

from __future__ import annotations

import json
import re
import sys
from collections import Counter
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import schemathesis
from hypothesis import strategies
from schemathesis.cli import schemathesis as command_line

PHASES = {False: "fuzzing,stateful", True: "examples,coverage,fuzzing,stateful"}
PRODUCTS = ("dibao_today", "low_income_recognitions", "dibao_today")
PURPOSES = ("medical_assistance", "education_assistance")
NAME = re.compile(r"^[a-z][a-z0-9_]{0,59}$")


def _known(made_up: str, among: tuple[str, ...]) -> str:
    """A name that exists in place of most made-up ones; every fifth stays."""
    return made_up if len(made_up) % 5 == 4 else among[len(made_up) % len(among)]


@schemathesis.hook
def map_path_parameters(context: Any, path_parameters: Any) -> Any:
    """A product of the catalogue."""
    if isinstance(path_parameters, dict) and NAME.match(str(path_parameters.get("product", ""))):
        path_parameters["product"] = _known(path_parameters["product"], PRODUCTS)
    return path_parameters


@schemathesis.hook
def map_query(context: Any, query: Any) -> Any:
    """A purpose that is agreed."""
    return _with_purpose(query)


@schemathesis.hook
def map_body(context: Any, body: Any) -> Any:
    """A purpose that is agreed."""
    return _with_purpose(body)


def _with_purpose(part: Any) -> Any:
    if isinstance(part, dict) and isinstance(part.get("purpose"), str) and 0 < len(part["purpose"]) <= 40:
        part["purpose"] = _known(part["purpose"], PURPOSES)
    return part


def called(address: str, token: str, most: str, full: bool, report: Path) -> dict[str, Any]:
    """One caller's run: how many cases, which statuses, what was other than described."""
    arguments = [
        "run", f"{address}/openapi.json", "--checks", "all", "--phases", PHASES[full], "--max-examples", most,
        "--seed", "20260714", "--generation-database", "none", "--no-color", "--continue-on-failure",
        "--report", "ndjson", "--report-ndjson-path", str(report), "--suppress-health-check", "all",
        "--request-timeout", "60", "--no-shrink",
    ]  # fmt: skip
    arguments += ["--header", f"Authorization: Bearer {token}"] if token else []
    with suppress(SystemExit):  # its way to say that something was found; what, stands in the report
        command_line.main(arguments, standalone_mode=False)
    return _counted(report)


def _counted(report: Path) -> dict[str, Any]:
    cases, statuses, faults = 0, Counter[str](), []
    for line in report.read_text(encoding="utf-8").splitlines():
        kind, event = next(iter(json.loads(line).items()))
        if kind == "NonFatalError" or kind == "FatalError" or event.get("stop_reason", "completed") != "completed":
            faults.append(line[:600])
        if kind != "ScenarioFinished":
            continue
        recorded = event["recorder"]
        cases += len(recorded.get("cases", ()))  # a scenario of several steps may end before its first
        for case, done in recorded.get("interactions", {}).items():
            status = str((done["response"] or {}).get("status_code", "none"))
            statuses[status] += 1
            missed = [one for one in recorded.get("checks", {}).get(case, ()) if one["status"] != "success"]
            faults += [f"{recorded['label']} {status} {json.dumps(one)[:500]}" for one in missed]
    return {"cases": cases, "statuses": statuses, "faults": faults}


def main() -> None:
    """Each caller in turn."""
    given = json.loads(sys.stdin.read())
    schemathesis.openapi.format("cn-identity-number", strategies.sampled_from(given["numbers"]))
    with TemporaryDirectory() as folder:
        told = {
            name: called(sys.argv[1], token, sys.argv[2], "--full" in sys.argv, Path(folder) / f"{at}.ndjson")
            for at, (name, token) in enumerate(given["callers"].items())
        }
    print(json.dumps(told))


if __name__ == "__main__":
    main()
