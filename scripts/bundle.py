"""`make bundle`: everything a machine without a network needs to install Doudi, for x86-64 and ARM64.

Wheels come from the hashed lock and from nowhere else; each is checked against the lock's hash, its platform, and the
machine its libraries were built for. Needs pip and uv (make setup has both) and, here, a network. Imports no Doudi.
"""

from __future__ import annotations

import argparse
import hashlib
import re
import shutil
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LOCK = ROOT / "requirements" / "runtime.txt"
MACHINES = {"x86_64": 62, "aarch64": 183}  # with the number an ELF file gives the machine
GLIBC = 34  # what the database's wheel was built for (openEuler 22.03, Debian 12, RHEL 9 and newer)
BESIDE = ("policy", "reforms", "demo", "docs/operations", "LICENSE", "README.md", "README.zh.md", "CHANGELOG.md")


class Incomplete(RuntimeError):
    """The bundle cannot be made, or is not whole; the message says what is missing."""


def locked(text: str) -> dict[str, tuple[str, set[str]]]:
    """Packages of a lock with version and allowed SHA-256."""
    found = {}
    for block in re.split(r"\n(?=[A-Za-z0-9])", text):
        if head := re.match(r"([A-Za-z0-9._-]+)(?:\[[^\]]*\])?==([^\s\\]+)", block):
            found[normal(head[1])] = (head[2], set(re.findall(r"--hash=sha256:([0-9a-f]{64})", block)))
    return found


def normal(name: str) -> str:
    """A package's name as the index compares it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def platforms(machine: str) -> list[str]:
    """Tags of wheels that run on a machine with our oldest glibc, newest first."""
    new = [f"manylinux_2_{minor}_{machine}" for minor in range(GLIBC, 4, -1)]
    return [*new, *(f"manylinux{year}_{machine}" for year in ("2014", "2010", "1")), f"linux_{machine}"]


def collect(machine: str, folder: Path, python: str) -> None:
    """Downloads the lock's wheels for a machine; pip refuses whatever has another hash."""
    folder.mkdir(parents=True)
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--require-hashes"]
    command += ["--no-deps", "--only-binary=:all:", "--implementation=cp", f"--python-version={python}"]
    command += [f"--abi=cp{python.replace('.', '')}", "--abi=abi3", "--abi=none", f"--dest={folder}", f"-r{LOCK}"]
    command += [f"--platform={tag}" for tag in platforms(machine)]
    if subprocess.run(command, check=False).returncode:
        raise Incomplete(f"pip could not collect the wheels for {machine}; see above")


def own_wheel(folder: Path) -> Path:
    """Doudi itself, with its translations compiled: static files and templates are inside."""
    compiled = "from doudi.core.translation import compile_all; compile_all()"
    subprocess.run([sys.executable, "-c", compiled], check=True)
    command = [sys.executable, "-m", "uv", "build", "--quiet", "--wheel", "--out-dir", str(folder), str(ROOT)]
    subprocess.run(command, check=True)
    (folder / ".gitignore").unlink(missing_ok=True)
    return next(folder.glob("doudi-*.whl"))


def faults(folder: Path, machine: str, lock: dict[str, tuple[str, set[str]]]) -> list[str]:
    """What keeps a folder of wheels from being whole for a machine, in words; nothing when it is."""
    told, here = [], {}
    for path in sorted(folder.glob("*.whl")):
        name, version, *_middle, platform = path.stem.split("-")
        here[normal(name)] = version
        wanted = lock.get(normal(name))
        if wanted is None or version.replace("_", "-") != wanted[0]:
            told.append(f"{path.name}: not in the lock")
        elif digest(path) not in wanted[1]:
            told.append(f"{path.name}: not the hash of the lock")
        if platform != "any" and not set(platform.split(".")) & set(platforms(machine)):
            told.append(f"{path.name}: not for {machine} with glibc 2.{GLIBC}")
        told += [f"{path.name}: {part} is built for machine {number}" for part, number in built_for(path, machine)]
    return told + [f"{name}=={lock[name][0]}: missing" for name in sorted(lock.keys() - here.keys())]


def built_for(wheel: Path, machine: str) -> list[tuple[str, int]]:
    """Programs and libraries in a wheel that were built for another machine."""
    wrong = []
    with zipfile.ZipFile(wheel) as package:
        for info in package.infolist():
            with package.open(info) as file:
                head = file.read(20)
            if head[:4] == b"\x7fELF" and (number := int.from_bytes(head[18:20], "little")) != MACHINES[machine]:
                wrong.append((info.filename, number))
    return wrong


def digest(path: Path) -> str:
    """SHA-256."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def write_sums(folder: Path) -> None:
    """SHA256SUMS of everything, as `sha256sum -c` reads it; install.sh does so before anything else."""
    files = sorted(path for path in folder.rglob("*") if path.is_file() and path.name != "SHA256SUMS")
    lines = [f"{digest(path)}  {path.relative_to(folder).as_posix()}\n" for path in files]
    (folder / "SHA256SUMS").write_text("".join(lines), encoding="utf-8")


def make(target: Path, machines: list[str], python: str) -> Path:
    """The folder of a bundle, whole or Incomplete."""
    lock = locked(LOCK.read_text())
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir(parents=True)
    own = own_wheel(target)
    for machine in machines:
        folder = target / "wheels" / machine
        print(f"{machine}: collecting {len(lock)} wheels", flush=True)
        collect(machine, folder, python)
        if told := faults(folder, machine, lock):
            raise Incomplete("\n".join(told))
        print(f"{machine}: {len(lock)} wheels, hashes, platforms and machine of every library checked", flush=True)
    version = own.name.split("-")[1]
    own_line = f"doudi=={version} --hash=sha256:{digest(own)}\n"
    (target / "requirements.txt").write_text(LOCK.read_text() + own_line, encoding="utf-8")
    (target / "PYTHON").write_text(python + "\n")
    for name in BESIDE:
        source = ROOT / name
        place = target / name
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copytree(source, place) if source.is_dir() else shutil.copy2(source, place)
    shutil.copy2(ROOT / "scripts" / "offline" / "install.sh", target / "install.sh")
    write_sums(target)
    return target


def packed(folder: Path) -> Path:
    """The folder as one file."""
    made = folder.with_name(folder.name + ".tar")
    with tarfile.open(made, "w") as archive:
        archive.add(folder, arcname=folder.name)
    return made


def main() -> int:
    """Makes the bundle in dist/."""
    asked = argparse.ArgumentParser(prog="bundle", description=__doc__)
    asked.add_argument("--to", type=Path, default=ROOT / "dist")
    asked.add_argument("--machine", action="append", choices=sorted(MACHINES))
    asked.add_argument("--python", default="3.11")
    asked.add_argument(
        "--version", default=re.search(r'^version = "(.+)"', (ROOT / "pyproject.toml").read_text(), re.M)[1]
    )
    options = asked.parse_args()
    try:
        folder = make(
            options.to / f"doudi-{options.version}-offline", options.machine or sorted(MACHINES), options.python
        )
    except (Incomplete, subprocess.CalledProcessError) as error:
        print(error, file=sys.stderr)
        return 1
    made = packed(folder)
    print(f"{made}  {made.stat().st_size >> 20} MiB  sha256 {digest(made)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
