"""Policy files checked as a whole: every fault with file, line, sentence and suggestion; and their examples tried."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from doudi.engine import lint
from doudi.engine.case import read_case
from doudi.engine.errors import EngineError, PolicyErrors
from doudi.engine.examples import Example, differences, read_examples
from doudi.engine.feeds import Bilingual
from doudi.engine.outputs_reader import tables_for
from doudi.engine.policy import load
from doudi.engine.rulebook import Rulebook, resolve
from doudi.engine.run import decide
from doudi.rulebook.logic.bundle import write_files

MOST_FAULTS = 50


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong: where, in words of both languages, and the word that was probably meant."""

    file: str
    line: int
    column: int
    code: str
    message: Bilingual
    suggestion: str

    def plain(self) -> dict[str, object]:
        """For a stored list."""
        return {
            "file": self.file,
            "line": self.line,
            "column": self.column,
            "code": self.code,
            "message": dict(self.message),
            "suggestion": self.suggestion,
        }


@dataclass(frozen=True, slots=True)
class Otherwise:
    """An example that comes out otherwise than written."""

    example: str
    at: str
    name: str
    expected: str
    found: str


@dataclass(frozen=True, slots=True)
class Trial:
    """The examples of a place, tried."""

    count: int
    days: tuple[date, ...]
    """The day each is dated."""
    otherwise: tuple[Otherwise, ...]

    def dated_from(self, day: date) -> int:
        """How many are dated on a day or after it."""
        return sum(one >= day for one in self.days)


@contextmanager
def laid_out(files: Mapping[str, str]) -> Iterator[Path]:
    """The files in a folder for as long as the block lasts."""
    with TemporaryDirectory(prefix="doudi-rulebook-") as folder:
        write_files(files, Path(folder))
        yield Path(folder)


def faults_of(files: Mapping[str, str], places: Iterable[str]) -> tuple[Fault, ...]:
    """What is wrong with the files at any of the places; at most MOST_FAULTS, each once."""
    found: dict[tuple[str, int, int, str, str], Fault] = {}
    with laid_out(files) as root:
        for place in places:
            try:
                _check(root, place)
            except EngineError as error:
                for one in _each(error):
                    fault = _fault(one)
                    found.setdefault((fault.file, fault.line, fault.column, fault.code, fault.message["en"]), fault)
            if len(found) >= MOST_FAULTS:
                break
    return tuple(sorted(found.values(), key=lambda f: (f.file, f.line, f.column)))[:MOST_FAULTS]


def rulebook_from(files: Mapping[str, str], place: str) -> Rulebook:
    """The rulebook of files that check; raises PolicyErrors."""
    with laid_out(files) as root:
        return resolve(load(root), place)


def try_examples(files: Mapping[str, str], place: str) -> Trial:
    """The examples written for a place and those below it: how many there are and which come out otherwise."""
    found: list[Otherwise] = []
    with laid_out(files) as root:
        policy = load(root)
        examples = [one for one in read_examples(root) if one.place.startswith(place)]
        for example in examples:
            try:
                rulebook = resolve(policy, example.place)
                proposal = decide(rulebook, read_case(example.case, rulebook), explain=False)
                wrong = differences(example, proposal, rulebook)
            except EngineError as error:
                found.append(Otherwise(example.name, str(example.at), "", "", error.message("zh")))
                continue
            found += [
                Otherwise(example.name, str(example.at), one.name, str(one.expected), str(one.found)) for one in wrong
            ]
    return Trial(len(examples), tuple(_day_of(one) for one in examples), tuple(found))


def _day_of(example: Example) -> date:
    said = str(example.case.get("as_of"))
    try:
        return date.fromisoformat(said)
    except ValueError:
        return date.min


def _check(root: Path, place: str) -> None:
    """What `doudi policy check` asks of the files at a place; raises what is wrong."""
    policy = load(root)
    rulebook = resolve(policy, place)
    tables = tables_for(root, place, names=[*rulebook.quantities, *rulebook.facts])
    examples = read_examples(root)
    wrong = [*lint.untried(policy, examples), *lint.faults(policy, rulebook, lint.shown(tables, examples))]
    if wrong:
        raise PolicyErrors(wrong)


def _each(error: EngineError) -> list[EngineError]:
    return list(error.errors) if isinstance(error, PolicyErrors) else [error]


def _fault(error: EngineError) -> Fault:
    where = error.where
    said = {lang: _without_place(error, lang) for lang in ("zh", "en")}
    return Fault(
        where.file if where else "",
        where.line if where else 1,
        where.column if where else 1,
        error.code,
        said,
        error.suggestion or "",
    )


def _without_place(error: EngineError, lang: str) -> str:
    text = error.message(lang)
    return text.removeprefix(f"{error.where}: ") if error.where else text
