"""Walking a site by its links, each kind of address a few times."""

from __future__ import annotations

import re
from urllib.parse import urljoin, urlsplit

from tests.browser.chromium import Visitor

MOST_OF_A_KIND = 2
NOT_PAGES = re.compile(r"/static/|\.pdf$|\.csv$|\.xlsx$|/download/|/pdf/|/file/")


def kind_of(address: str) -> str:
    """An address with its ids left open: pages of one kind look alike."""
    parts = urlsplit(address)
    path = re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}|\d+", "*", parts.path)
    return f"{path}?{re.sub('=[^&]*', '=', parts.query)}"


def pages_of(visitor: Visitor, start: str = "/", *, most: int = 60) -> list[str]:
    """Addresses of all kinds of pages that can be reached by links from a page, breadth first."""
    site, waiting, seen, found = visitor.site, [visitor.site + start], {}, []  # type: ignore[var-annotated]
    while waiting and len(found) < most:
        address = waiting.pop(0)
        answer = visitor.page.goto(address)
        assert answer is not None and answer.status < 400, f"{address}: {answer and answer.status}"
        found.append(address.removeprefix(site))
        for link in visitor.page.eval_on_selector_all("a[href]", "all => all.map(a => a.getAttribute('href'))"):
            target = urljoin(visitor.page.url, link).split("#")[0]
            if not target.startswith(site) or NOT_PAGES.search(urlsplit(target).path):
                continue
            kind = kind_of(target)
            if target not in seen.setdefault(kind, []) and len(seen[kind]) < MOST_OF_A_KIND:
                seen[kind].append(target)
                waiting.append(target) if target != site + start else None
    return found
