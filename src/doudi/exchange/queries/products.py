"""The data products, read from policy/products; read again only when a file changed."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from django.conf import settings

from doudi.engine.reading import mapping
from doudi.engine.strict_yaml import read
from doudi.exchange.logic.products import Product, read_product


def products() -> dict[str, Product]:
    """All of them, by name."""
    root = Path(settings.POLICY) / "products"
    stamps = tuple((str(path), path.stat().st_mtime_ns, path.stat().st_size) for path in sorted(root.glob("*.yaml")))
    return _read(stamps)


@lru_cache(maxsize=4)
def _read(stamps: tuple[tuple[str, int, int], ...]) -> dict[str, Product]:
    found = [read_product(mapping(read(Path(name)))) for name, _changed, _size in stamps]
    return {product.name: product for product in found}
