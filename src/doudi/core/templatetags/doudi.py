"""Tags every template has: the navigation with its current entry, what a form carries, money as people read it."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

from django import template
from django.template import Context, Node, NodeList
from django.template.base import Parser, Token
from django.template.defaulttags import CsrfTokenNode
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from doudi.core.once import FIELD, shown_at

register = template.Library()


class NavigationNode(Node):
    """Draws the navigation; the text between its tags is the name of the current entry."""

    def __init__(self, nodelist: NodeList) -> None:
        self.nodelist = nodelist

    def render(self, context: Context) -> SafeString:
        """The entries of `navigation_items`, main ones first."""
        items = list(context.get("navigation_items") or [])
        shown = {
            "main": [item for item in items if item.group == "main"],
            "own": [item for item in items if item.group == "own"],
            "current": self.nodelist.render(context).strip(),
            "csrf_token": context.get("csrf_token"),
        }
        return mark_safe(render_to_string("doudi/navigation.html", shown))  # noqa: S308


@register.tag("navigation")
def navigation(parser: Parser, token: Token) -> NavigationNode:
    """`{% navigation %}{% block nav %}{% endblock %}{% endnavigation %}`."""
    nodelist = parser.parse(("endnavigation",))
    parser.delete_first_token()
    return NavigationNode(nodelist)


class FormTokensNode(CsrfTokenNode):
    """Django's token against forged requests, and the instant at which the form was shown (`doudi.core.once`)."""

    def render(self, context: Context) -> SafeString:
        """Two hidden fields."""
        token = super().render(context)
        return format_html('{}<input type="hidden" name="{}" value="{}">', token, FIELD, shown_at())


@register.tag("csrf_token")
def csrf_token(parser: Parser, token: Token) -> FormTokensNode:
    """Stands in every form, in place of Django's own tag of this name."""
    return FormTokensNode()


@register.filter
def money(value: object) -> str:
    """1234.5 as 1,234.50; what is unknown stays a dash, never a zero."""
    if value is None or value == "":
        return "—"
    try:
        return f"{Decimal(str(value)):,.2f}"
    except InvalidOperation:
        return str(value)


@register.filter
def fours(text: object) -> str:
    """A number or code to be copied by hand, in groups of four."""
    told = str(text)
    return " ".join(told[at : at + 4] for at in range(0, len(told), 4))


@register.filter
def word(name: object, words: object) -> str:
    """What a name is called, by a table of words; the name itself where the table has none."""
    return str(words.get(name, name)) if isinstance(words, dict) else str(name)
