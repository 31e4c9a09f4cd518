"""Where the house answers: the address people use, the one of this machine, and asking whether it answers at all.

A proxy that ends TLS stands between the two, so the question is put as it would: under a name the house answers to,
with the header that says HTTPS if one is set up, and a redirection is an answer like any other.
"""

from __future__ import annotations

import http.client
import ipaddress
import os

LOOPBACK = ("localhost", "127.0.0.1")


def allowed_hosts() -> list[str]:
    """DOUDI_HOSTS, by commas; this machine alone where it is not set."""
    return [one.strip() for one in os.environ.get("DOUDI_HOSTS", "").split(",") if one.strip()] or list(LOOPBACK)


def first_host(hosts: list[str]) -> str:
    """A name that is certainly answered to: the first, without the dot or star of many."""
    return next((one.removeprefix(".") for one in hosts if one != "*"), LOOPBACK[0])


def here(host: str, port: int) -> str:
    """The address on this machine."""
    return f"http://{_reached_at(host)}:{port}"


def for_people(host: str, port: int) -> str:
    """The address people use: by HTTPS the proxy's, without a port; this machine's where no name is set."""
    hosts = allowed_hosts()
    name = first_host(hosts)
    if name in LOOPBACK:
        return f"http://{host}:{port}"
    return f"https://{name}" if _wants_https() else f"http://{name}:{port}"


def announced(host: str, port: int) -> list[str]:
    """What `doudi up` prints of addresses, a line each."""
    lines = [f"兜底 Doudi  {for_people(host, port)}"]
    if for_people(host, port) != f"http://{host}:{port}" or _wants_https():
        lines.append(
            f"本机检查 · to watch it on this machine: curl {here(host, port)}/health/\n"
            f"代理转到 · the proxy forwards to: {here(host, port)}"
        )
    if _wants_https() and not os.environ.get("DOUDI_HOSTS"):
        lines.append(
            "没有设 DOUDI_HOSTS：从别的机器打不开。写上大家用的域名。"
            " · DOUDI_HOSTS is not set: nobody gets in from another machine. Name the host people use."
        )
    return lines


def answers(host: str, port: int) -> bool:
    """Whether the web server answers a question, whatever it says."""
    headers = {"Host": first_host(allowed_hosts())}
    proxy = os.environ.get("DOUDI_PROXY_SSL_HEADER", "")
    if proxy and _wants_https():
        headers[proxy] = "https"
    connection = http.client.HTTPConnection(_reached_at(host), port, timeout=5)
    try:
        connection.request("GET", "/accounts/login/", headers=headers)
        connection.getresponse().read()
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
    return True


def _reached_at(host: str) -> str:
    """Under which name this machine reaches a server that listens there; one that listens everywhere, at home."""
    try:
        everywhere = ipaddress.ip_address(host or "::").is_unspecified
    except ValueError:
        everywhere = False
    return LOOPBACK[1] if everywhere else host


def _wants_https() -> bool:
    from doudi.site.profile import wants_https  # the internet zone's process loads nothing of the log's

    return wants_https()
