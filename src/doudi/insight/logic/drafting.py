"""The text of a reform that was chosen on a page: a line up or down by percent, or one figure set anew."""

from __future__ import annotations

import json
from decimal import Decimal

from doudi.engine.quantities import Parameter, Rulebook
from doudi.engine.simulate_columns import LINE
from doudi.engine.vocabulary import LEVELS

_LENGTHS = {level: length for length, level in LEVELS.items()}


def by_percent(percent: Decimal) -> str:
    """The Dibao line up (or down) by a percentage, everywhere and for all."""
    factor = (100 + percent) / 100
    up = percent >= 0
    size = f"{abs(percent).normalize():f} %"
    label = {
        "zh": f"低保标准{'提高' if up else '降低'} {size}",
        "en": f"the Dibao line {'up' if up else 'down'} by {size}",
    }
    return _text("line_by_percent", label, {LINE: {"scale": f"{factor.normalize():f}"}})


def by_figure(rulebook: Rulebook, name: str, value: str) -> str:
    """One figure set anew for the place (for all its keys), at the nearest level that may set it."""
    own = rulebook.parameters[name]
    entry: dict[str, object] = {"area": area_for(own, rulebook.place) or "nation"}
    if own.by is not None:
        entry["values"] = dict.fromkeys(own.by.kind.codes or (), value)
    else:
        entry["value"] = value
    label = {"zh": f"{own.label['zh']}改为 {value}", "en": f"{own.label['en']}: {value}"}
    return _text(f"set_{name}", label, {name: {"values": [entry]}})


def area_for(own: Parameter, place: str) -> str:
    """The most local area on the way to the place whose level may set the figure."""
    lengths = [_LENGTHS[level] for level in own.set_by] or [0]
    fitting = [length for length in lengths if length <= len(place)]
    return place[: max(fitting, default=0)]


def figures_to_set(rulebook: Rulebook) -> list[Parameter]:
    """The figures a page offers: numbers, and yes or no."""
    return [own for own in rulebook.parameters.values() if own.kind.base in ("number", "integer", "boolean")]


def _text(name: str, label: dict[str, str], parameters: dict[str, object]) -> str:
    """YAML, which JSON is; every scalar is text."""
    return json.dumps({"name": name, "label": label, "parameters": parameters}, ensure_ascii=False, indent=1)
