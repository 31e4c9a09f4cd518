"""A process shuts itself in: limits of the system, nothing new, no network, no folders but some. For children only.

Linux. What the system refuses is left out: each wall stands by itself and says whether it does. There is no way back.
"""

from __future__ import annotations

import ctypes
import os
import resource
import signal
import struct
import sys
from collections.abc import Sequence
from pathlib import Path

PR_SET_PDEATHSIG, PR_SET_NO_NEW_PRIVS = 1, 38
CLONE_NEWUSER, CLONE_NEWNET = 0x10000000, 0x40000000
CREATE_RULESET, ADD_RULE, RESTRICT_SELF = 444, 445, 446
"""Landlock's system calls, the same numbers on every machine."""
ASK_VERSION, PATH_BENEATH = 1, 1
EXECUTE, WRITE_FILE, READ_FILE, READ_DIR = 1, 2, 4, 8
TRUNCATE, IOCTL = 1 << 14, 1 << 15
BY_VERSION = {1: (1 << 13) - 1, 2: (1 << 14) - 1, 3: (1 << 15) - 1, 4: (1 << 15) - 1}
"""Kinds of access each version of Landlock knows; later ones know IOCTL, too."""
OF_A_FILE = EXECUTE | WRITE_FILE | READ_FILE | TRUNCATE | IOCTL


def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)


def limit(*, memory: int, cpu: int, file: int) -> None:
    """No more address space, processor time and bytes of a file; no core file, which would hold people's data."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (cpu, cpu + 1))
    resource.setrlimit(resource.RLIMIT_FSIZE, (file, file))


def end_with_parent() -> None:
    """When the parent ends, so does this process."""
    if sys.platform == "linux":
        _libc().prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)


def nothing_new() -> bool:
    """Neither this process nor what it starts can gain privileges."""
    return sys.platform == "linux" and int(_libc().prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)) == 0


def no_network() -> bool:
    """A network of its own with nothing in it. Only for a process with one thread."""
    return sys.platform == "linux" and int(_libc().unshare(CLONE_NEWUSER | CLONE_NEWNET)) == 0


def only_folders(*, read: Sequence[Path], write: Sequence[Path]) -> bool:
    """This thread, and those it starts, open files below these folders only (Landlock)."""
    if sys.platform != "linux":
        return False
    libc = _libc()
    version = libc.syscall(CREATE_RULESET, None, 0, ASK_VERSION)
    if version < 1:
        return False
    handled = BY_VERSION.get(version, BY_VERSION[4] | IOCTL)
    attributes = struct.pack("Q", handled)
    rules = libc.syscall(CREATE_RULESET, attributes, len(attributes), 0)
    if rules < 0:
        return False
    try:
        for paths, access in ((read, EXECUTE | READ_FILE | READ_DIR), (write, handled & ~EXECUTE)):
            for path in paths:
                _allow(libc, rules, path, access & handled)
        nothing_new()
        return bool(libc.syscall(RESTRICT_SELF, rules, 0) == 0)
    finally:
        os.close(rules)


def _allow(libc: ctypes.CDLL, rules: int, path: Path, access: int) -> None:
    try:
        place = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return
    try:
        rule = struct.pack("=Qi", access if path.is_dir() else access & OF_A_FILE, place)
        libc.syscall(ADD_RULE, rules, PATH_BENEATH, rule, 0)
    finally:
        os.close(place)


def program_folders() -> list[Path]:
    """What a Python process reads of itself: its libraries, its packages, time zones, and how much it may use."""
    own = [Path(sys.prefix), Path(sys.base_prefix), *(Path(entry) for entry in sys.path if entry)]
    system = ("/usr/lib", "/usr/lib64", "/lib", "/lib64", "/usr/share/zoneinfo", "/etc/localtime", "/etc/ld.so.cache")
    devices = ("/dev/null", "/dev/urandom", "/proc/self/cgroup", "/sys/fs/cgroup")
    return [path for path in (*own, *(Path(name) for name in (*system, *devices))) if path.exists()]
