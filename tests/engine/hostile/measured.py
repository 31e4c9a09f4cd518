"""How long each hostile file takes to be refused and how much memory: `python -m tests.engine.hostile.measured`.

Each is read in a process of its own, split off from one that has just read a good policy. Prints the worst of them; the
exit code is 1 when one is over the bar (100 ms, 50 MiB, three tries each).
"""

from __future__ import annotations

import gc
import json
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from doudi.engine.errors import PolicyErrors
from doudi.engine.policy import load
from doudi.engine.rulebook import resolve
from tests.engine.hostile.files import FILES
from tests.engine.hostile.folders import FOLDERS
from tests.engine.hostile.formulas import FORMULAS
from tests.engine.small import write_policy
from tests.engine.test_hostile import RULE, beside_good_ones, written

MILLISECONDS = 100
MIB = 50
TRIES = 3


def memory(line: str) -> int:
    """VmRSS or VmHWM of this process, KiB."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return next(int(one.split()[1]) for one in lines if one.startswith(line))


def apart(root: Path) -> tuple[float, float]:
    """(milliseconds of processor time, MiB) of reading and refusing a folder in a child process."""
    out, into = os.pipe()
    child = os.fork()
    if child == 0:
        before, started = memory("VmRSS"), time.process_time()
        try:
            resolve(load(root), "990101")
            found: Any = None
        except PolicyErrors:
            found = ((time.process_time() - started) * 1000, (memory("VmHWM") - before) / 1024)
        os.write(into, json.dumps(found).encode())
        os._exit(0)
    os.close(into)
    with os.fdopen(out) as told:
        text = told.read()
    os.waitpid(child, 0)
    milliseconds, mib = json.loads(text)
    return float(milliseconds), float(mib)


def best(make: Callable[[Path], Any]) -> tuple[float, float]:
    """The least of some tries: what the file costs, not what else the machine was doing."""
    with TemporaryDirectory() as folder:
        root = Path(folder) / "policy"
        root.mkdir()
        make(root)
        tries = [apart(root) for _ in range(TRIES)]
    return min(time for time, _ in tries), min(mib for _, mib in tries)


def main() -> int:
    """Measures all, prints the worst five of each kind."""
    makes: dict[str, Callable[[Path], Any]] = {name: make for name, (make, _) in FOLDERS.items()}
    makes |= {name: beside_good_ones(text) for name, (text, *_) in FILES.items()}
    makes |= {
        name: beside_good_ones(RULE.format(type="boolean", formula=written(formula)))
        for name, (formula, _) in FORMULAS.items()
    }
    with TemporaryDirectory() as folder:
        resolve(load(write_policy(Path(folder), {})), "990101")
    gc.freeze()  # what this process holds is not the files' cost
    found = {name: best(make) for name, make in makes.items()}
    for number, unit in ((0, "ms"), (1, "MiB")):
        for name in sorted(found, key=lambda one: -found[one][number])[:5]:
            print(f"{found[name][number]:8.1f} {unit}  {name}")
    over = [name for name, (took, mib) in found.items() if took > MILLISECONDS or mib > MIB]
    print(f"{len(found)} hostile files; over {MILLISECONDS} ms or {MIB} MiB: {len(over)}")
    return 1 if over else 0


if __name__ == "__main__":
    sys.exit(main())
