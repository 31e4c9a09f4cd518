"""Words the register writes, so that pages say them in English too: relations, kinds of registration, states.

The words are data: templates translate the value itself, a relation under the context `relation` (女 is a daughter
there, a sex elsewhere), a state under `register`. A word not among them is shown as the register wrote it.
"""

from __future__ import annotations

from django.utils.translation import gettext_noop as _
from django.utils.translation import pgettext_lazy

RELATIONS = (
    pgettext_lazy("relation", "户主"),
    pgettext_lazy("relation", "配偶"),
    pgettext_lazy("relation", "夫"),
    pgettext_lazy("relation", "妻"),
    pgettext_lazy("relation", "子女"),
    pgettext_lazy("relation", "子"),
    pgettext_lazy("relation", "女"),
    pgettext_lazy("relation", "独生子"),
    pgettext_lazy("relation", "独生女"),
    pgettext_lazy("relation", "长子"),
    pgettext_lazy("relation", "次子"),
    pgettext_lazy("relation", "三子"),
    pgettext_lazy("relation", "长女"),
    pgettext_lazy("relation", "次女"),
    pgettext_lazy("relation", "三女"),
    pgettext_lazy("relation", "儿媳"),
    pgettext_lazy("relation", "女婿"),
    pgettext_lazy("relation", "孙子女"),
    pgettext_lazy("relation", "孙子"),
    pgettext_lazy("relation", "孙女"),
    pgettext_lazy("relation", "外孙子"),
    pgettext_lazy("relation", "外孙女"),
    pgettext_lazy("relation", "父母"),
    pgettext_lazy("relation", "父亲"),
    pgettext_lazy("relation", "母亲"),
    pgettext_lazy("relation", "公公"),
    pgettext_lazy("relation", "婆婆"),
    pgettext_lazy("relation", "岳父"),
    pgettext_lazy("relation", "岳母"),
    pgettext_lazy("relation", "祖父母"),
    pgettext_lazy("relation", "祖父"),
    pgettext_lazy("relation", "祖母"),
    pgettext_lazy("relation", "外祖父"),
    pgettext_lazy("relation", "外祖母"),
    pgettext_lazy("relation", "兄弟姐妹"),
    pgettext_lazy("relation", "兄"),
    pgettext_lazy("relation", "弟"),
    pgettext_lazy("relation", "姐"),
    pgettext_lazy("relation", "妹"),
    pgettext_lazy("relation", "侄子"),
    pgettext_lazy("relation", "侄女"),
    pgettext_lazy("relation", "其他亲属"),
    pgettext_lazy("relation", "其他"),
    pgettext_lazy("relation", "非亲属"),
)
REGISTRATIONS = (_("城镇"), _("农村"))
STATES = (
    pgettext_lazy("register", "正常"),
    pgettext_lazy("register", "迁出"),
    pgettext_lazy("register", "注销"),
    pgettext_lazy("register", "注销-死亡"),
    pgettext_lazy("register", "注销-迁出"),
    pgettext_lazy("register", "注销-出国定居"),
    pgettext_lazy("register", "注销-参军"),
    pgettext_lazy("register", "注销-其他"),
)
