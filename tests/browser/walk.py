"""Walking a site by its links, each kind of address a few times."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urljoin, urlsplit

from tests.browser.chromium import Visitor
from tests.size import LONG

MOST_OF_A_KIND = 2 if LONG else 1
NOT_PAGES = re.compile(r"/static/|\.pdf$|\.csv$|\.xlsx$|/download/|/pdf/|/file/|/print/")


def kind_of(address: str) -> str:
    """An address with its ids left open: pages of one kind look alike."""
    parts = urlsplit(address)
    path = re.sub(r"[0-9a-f]{64}|[0-9a-f]{8}-[0-9a-f-]{27}|\d+", "*", parts.path)
    path = re.sub(r"(/(?:rules|values)|/policy/standards)/[^/]+/", r"\1/*/", path)
    path = re.sub(r"^/policy/(?!standards|versions|drafts)[a-z_]+/$", "/policy/*/", path)
    return f"{path}?{re.sub('=[^&]*', '=', parts.query)}"


def pages_of(visitor: Visitor, known: dict[str, set[str]], *more: str) -> Iterator[str]:
    """Stands on each page that can be reached by links from the first page (and from `more`), breadth first.

    `known` holds the addresses of each kind that were seen before, by whomever; of a kind one is looked at,
    in the long form two.
    """
    site, waiting = visitor.site, ["/", *more]
    while waiting:
        address = waiting.pop(0)
        answer = visitor.page.goto(site + address)
        assert answer is not None and answer.status < 400, f"{address}: {answer and answer.status}"
        yield address
        for link in visitor.page.eval_on_selector_all("a[href]", "all => all.map(a => a.getAttribute('href'))"):
            target = urljoin(visitor.page.url, link).split("#")[0]
            path = target.removeprefix(site)
            if not target.startswith(site) or path == "/" or NOT_PAGES.search(urlsplit(target).path):
                continue
            seen = known.setdefault(kind_of(path), set())
            if path not in seen and len(seen) < MOST_OF_A_KIND:
                seen.add(path)
                waiting.append(path)
