"""`python -m tests.bars [ID …] [--full] [--report FILE]`: runs bars and prints one line each, `ID pass|fail figure`.
`python -m tests.bars --kept --report FILE` runs none, and writes down what is kept.

An id may be the beginning of several (`A-`). Without one all are run. What failed is told on stderr; the exit code is 1
then, and 2 where no bar has such an id. What a bar said last is kept in var/bars; the report is of all that is kept,
each with its form and day: the long forms take hours, and need not be of one run.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path

import pytest

FOLDER = Path(__file__).parent
KEPT = FOLDER.parents[1] / "var" / "bars"


class Lines:
    """A pytest plugin: which of the collected tests are wanted, and what became of them, bar by bar."""

    def __init__(self, wanted: list[str], form: str) -> None:
        self.wanted, self.form = wanted, form
        self.promised: dict[str, dict[str, None]] = {}
        """What each bar there is promises, test by test."""
        self.ran: set[str] = set()
        self.figures: dict[str, list[str]] = {}
        self.failed: dict[str, list[str]] = {}
        self._left: dict[str, int] = {}

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Only the bars that are wanted, all tests of one beside each other."""
        marked = [(*mark.args, item) for item in items if (mark := item.get_closest_marker("bar"))]
        for name, what, _item in marked:
            self.promised.setdefault(name, {})[what] = None
        chosen = [
            (name, item) for name, _what, item in marked if not self.wanted or name.startswith(tuple(self.wanted))
        ]
        items[:] = [item for _, item in sorted(chosen, key=lambda pair: pair[0])]
        for name, _item in chosen:
            self._left[name] = self._left.get(name, 0) + 1

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """A file that cannot be read is told: its bars would be missing in silence."""
        if report.failed:
            self.failed.setdefault("collect", []).append(str(report.longrepr))

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """What a test says of its bar; the line is printed after its last test."""
        said = dict(report.user_properties)
        name = str(said.get("bar", ""))
        if not name:
            if report.failed:
                self.failed.setdefault("set-up", []).append(f"{report.nodeid}\n{report.longreprtext}")
            return
        self.ran.add(name)
        if report.failed or report.skipped:  # a bar that did not run does not hold
            self.failed.setdefault(name, []).append(f"{report.nodeid}\n{report.longreprtext}")
        if report.when != "teardown":
            return
        figures = [str(value) for key, value in report.user_properties if key == "figure"]
        self.figures.setdefault(name, []).extend(figures[-1:])
        self._left[name] -= 1
        if not self._left[name]:
            print(self.line(name), flush=True)
            self._keep(name)

    def _keep(self, name: str) -> None:
        KEPT.mkdir(parents=True, exist_ok=True)
        told = {
            "what": "; ".join(self.promised[name]), "holds": name not in self.failed, "form": self.form,
            "measured": "; ".join(self.figures.get(name, ())), "on": f"{datetime.now(UTC):%Y-%m-%d}",
        }  # fmt: skip
        (KEPT / f"{name}.json").write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")

    def line(self, name: str) -> str:
        """`ID pass|fail figure`."""
        return f"{name} {'fail' if name in self.failed else 'pass'} {'; '.join(self.figures.get(name, ()))}".rstrip()


def main(arguments: list[str]) -> int:
    """Runs the bars that are asked for."""
    asked = argparse.ArgumentParser(prog="python -m tests.bars")
    asked.add_argument("ids", nargs="*")
    asked.add_argument("--full", action="store_true")
    asked.add_argument("--report", type=Path)
    asked.add_argument("--kept", action="store_true", help="run nothing: report what is kept")
    options = asked.parse_args(arguments)
    if options.full:
        os.environ["BARS_FULL"] = "1"
    lines = Lines(options.ids, "full" if options.full else "short")
    options_of_ours = (
        "addopts=--strict-markers --import-mode=importlib"  # without -q, which the terminal's plugin knows
    )
    plugins = [part for name in ("terminal", "cacheprovider", "xdist") for part in ("-p", f"no:{name}")]
    only_listed = ["--collect-only"] if options.kept else []
    pytest.main([str(FOLDER), "-o", options_of_ours, *plugins, *only_listed], plugins=[lines])
    for name, told in lines.failed.items():
        print(f"\n{name}\n" + "\n".join(told), file=sys.stderr)
    if not lines.ran and not lines.failed and not options.kept:
        print(f"No bar has an id like {' '.join(options.ids)}.", file=sys.stderr)
        return 2
    if options.report:
        options.report.write_text("\n".join(report(lines.promised)) + "\n", encoding="utf-8")
    return 1 if lines.failed else 0


def report(promised: Mapping[str, Iterable[str]]) -> Iterable[str]:
    """The table of what every bar said last, as the security report prints it; one that said nothing is in it, too. The
    short form shows that a bar works, not that its promise holds at the size it names.
    """
    yield "# Security report · 安全测试报告"
    yield ""
    yield "Written by `python -m tests.bars --report`: what every bar said when it last ran here. Not edited by hand."
    yield "A promise is measured by the full form; the short one, which CI runs, tries the same at a smaller size."
    yield ""
    yield "| bar | what is promised | holds | measured | form | on |"
    yield "|---|---|---|---|---|---|"
    for name, whats in sorted(promised.items()):
        what, path = "; ".join(whats), KEPT / f"{name}.json"
        if not path.exists():
            yield f"| {name} | {what} | **not run here** | | | |"
            continue
        told = json.loads(path.read_text(encoding="utf-8"))
        holds = "**no**" if not told["holds"] else "yes" if told["form"] == "full" else "in the short form"
        yield f"| {name} | {what} | {holds} | {told['measured']} | {told['form']} | {told['on']} |"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
