"""What acts and looks are called on pages. A test finds every verb that the code writes; one without words fails.

Looks that the middleware writes by itself carry the name of their page and have no words of their own.
"""

from __future__ import annotations

import re
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

WORDS: dict[str, str | Promise] = {
    "accounts.add_second_factor": _("加了一种登录验证"),
    "accounts.begin_emergency": _("开始了应急查看"),
    "accounts.begin_viewing": _("开始角色预览"),
    "accounts.ask_for_secret": _("请系统管理员给系统账号做密钥"),
    "accounts.bind_subject": _("把账号与身份绑定"),
    "accounts.bootstrap": _("建立了最初的三个管理员"),
    "accounts.change_password": _("改了密码"),
    "accounts.close_account": _("停用了账号"),
    "accounts.confirm_grant": _("确认了一项授权"),
    "accounts.create_account": _("开了账号"),
    "accounts.create_service": _("建了系统账号"),
    "accounts.end_emergency": _("结束了应急查看"),
    "accounts.end_session": _("结束了一次登录"),
    "accounts.end_viewing": _("结束角色预览"),
    "accounts.give_enrolment_code": _("给了开通码"),
    "accounts.give_grant": _("给了授权"),
    "accounts.issue_token": _("取了令牌"),
    "accounts.lift_address_lock": _("解除了地址的锁定"),
    "accounts.lift_lock": _("解除了账号的锁定"),
    "accounts.list_emergencies": _("看了应急查看的清单"),
    "accounts.log_in": _("登录了"),
    "accounts.log_out": _("退出了系统"),
    "accounts.make_recovery_codes": _("做了一组恢复码"),
    "accounts.name_holder": _("登记了账号的持有人"),
    "accounts.new_service_secret": _("给系统账号做了新密钥"),
    "accounts.open_account": _("重新启用了账号"),
    "accounts.prove_subject": _("用自己的验证确认了身份绑定"),
    "accounts.read_emergency": _("看了一次应急查看的经过"),
    "accounts.remove_second_factor": _("移除了一种登录验证"),
    "accounts.review_emergency": _("复核了一次应急查看"),
    "accounts.state_purpose": _("说明了查看的用途"),
    "accounts.take_second_factors_away": _("清除了别人的登录验证"),
    "accounts.unbind_subject": _("解除了身份绑定"),
    "accounts.use_enrolment_code": _("用了开通码"),
    "accounts.use_second_factor": _("通过了第二种验证"),
    "accounts.withdraw_grant": _("收回了授权"),
    "accounts.withdraw_service": _("收回了系统账号"),
    "accounts.withdraw_service_secret": _("作废了系统账号的密钥"),
    "areas.load_area_rows": _("导入了区划"),
    "areas.load_divisions": _("装入了区划"),
    "areas.rename_area": _("改了区划名称"),
    "areas.replace_area": _("变更了区划代码"),
    "gateway.answer": _("答复了网上来信"),
    "gateway.ask": _("凭回执来查答复"),
    "gateway.read": _("看了网上来信"),
    "gateway.submit": _("从互联网写来了信"),
    "operations.back_up": _("做了备份"),
    "operations.restore": _("从备份恢复了系统"),
    "audit.accept_clock": _("更正了检查点的时间"),
    "audit.read_entry": _("看了一条痕迹"),
    "audit.read_log": _("看了痕迹"),
    "audit.take_proof": _("下载了一条痕迹的证明"),
    "cases.accept_applications": _("受理了申请"),
    "cases.assess": _("让系统算了建议"),
    "cases.choose_discretion": _("作了裁量"),
    "cases.declare_no_obligors": _("登记没有赡养抚养人"),
    "cases.discard_draft": _("放弃了草稿"),
    "cases.enter_applications": _("登记了申请"),
    "cases.find_household": _("查找了家庭"),
    "cases.list": _("看了申请列表"),
    "cases.list_drafts": _("看了草稿列表"),
    "cases.open_alternatives": _("看了还有哪些救助"),
    "cases.open_application": _("看了申请"),
    "cases.open_diligence": _("看了尽职记录"),
    "cases.open_draft": _("打开了草稿"),
    "cases.open_obligors": _("看了赡养抚养人"),
    "cases.open_opinion": _("看了拟办意见"),
    "cases.print_opinion": _("打印了拟办意见"),
    "cases.propose_opinion": _("提出了拟办意见"),
    "cases.put_obligor": _("登记了赡养抚养人"),
    "cases.record_verifications": _("收到了核对结果"),
    "cases.remove_obligor": _("去掉了赡养抚养人"),
    "cases.return_application": _("退回了申请"),
    "cases.review_opinion": _("复核了拟办意见"),
    "cases.save_draft": _("存了草稿"),
    "cases.supplement_application": _("补充了申报"),
    "desk.hand_out_copy": _("给了本人信息副本"),
    "desk.my_work": _("看了我的工作"),
    "desk.open_copy": _("看了本人信息副本"),
    "desk.open_looks": _("打开了谁看过的清单"),
    "desk.print_looks": _("给了本人谁看过的清单"),
    "desk.open_household": _("看了家庭"),
    "desk.search": _("搜索"),
    "exchange.answer": _("答了其他部门的查询"),
    "exchange.answer_again": _("重发了同一查询的答复"),
    "exchange.board": _("看了共享看板"),
    "exchange.changes": _("给了其他部门变化通知"),
    "exchange.end": _("结束了其他部门的订阅"),
    "exchange.rows": _("给了其他部门一页名册"),
    "exchange.subscribe": _("其他部门订阅了变化"),
    "exchange.subscribe_again": _("重发了同一订阅的答复"),
    "exchange.too_fast": _("其他部门问得太快，没有答"),
    "exchange.turn_away": _("其他系统来查询，没有放进来"),
    "exchange.uses": _("看了逐次查询"),
    "exports.ask_approval": _("申请了大批导出"),
    "exports.decide_approval": _("答复了导出申请"),
    "exports.list": _("看了导出记录"),
    "insight.ask_simulation": _("提请了政策模拟"),
    "insight.download_result": _("下载了模拟结果"),
    "insight.download_table": _("下载了模拟表格"),
    "insight.list_cliffs": _("看了悬崖列表"),
    "insight.open_cliff": _("看了悬崖"),
    "insight.open_simulation": _("看了模拟结果"),
    "insight.publish_simulation": _("定了模拟里哪些数可以公开"),
    "insight.simulate": _("算了政策模拟"),
    "keeping.answer_note": _("答复了更正说明"),
    "keeping.erase": _("删除了到期的信息"),
    "keeping.lift_hold": _("解除了暂停删除"),
    "keeping.note_correction": _("记下了更正说明"),
    "keeping.place_hold": _("暂停了到期删除"),
    "keeping.read_holds": _("看了暂停删除的清单"),
    "matching.make_snapshot": _("做了快照"),
    "matching.register_from_delivery": _("按交付登记了人"),
    "registry.ask_number": _("打开了看完整号码的页面"),
    "registry.end_label": _("结束了标签"),
    "registry.form_hukou_households": _("按户籍登记了家庭"),
    "registry.form_units": _("组成了申请家庭"),
    "registry.record_declarations": _("登记了申报"),
    "registry.record_obligors": _("登记了赡养抚养人"),
    "registry.register_people": _("登记了人"),
    "registry.register_unnumbered": _("登记了没有证号的人"),
    "registry.reveal_account": _("看了完整账号"),
    "registry.reveal_number": _("看了完整证号"),
    "registry.set_labels": _("加了标签"),
    "registry.set_obligation": _("登记了赡养抚养关系"),
    "rulebook.approve_draft": _("批准了规则"),
    "rulebook.ask_impact": _("提请测算影响"),
    "rulebook.download_standards": _("下载了标准表"),
    "rulebook.download_version": _("下载了规则包"),
    "rulebook.lay_out_upgrade": _("摆出了升级的规则"),
    "rulebook.open_draft": _("起草了规则"),
    "rulebook.publish": _("发布了规则"),
    "rulebook.record_impact": _("记下了影响"),
    "site.add_key": _("加了一把密钥"),
    "site.decide": _("在命令行算了建议"),
    "site.retire_key": _("停用了一把密钥"),
    "site.rotate_keys": _("换了密钥"),
    "site.write_tables": _("写出了结果表"),
    "sources.close_permits": _("收回了查询许可"),
    "sources.fetch_annotated_file": _("取回了标注过的交付"),
    "sources.open_original": _("打开了交付的原件"),
    "sources.open_permits": _("开了查询许可"),
    "sources.receive_file": _("接收了交付"),
    "verification.conclude_check": _("出了核对结论"),
    "verification.list_checks": _("看了核对列表"),
    "verification.prepare_check": _("准备了核对"),
    "verification.print_report": _("打印了核对报告"),
    "verification.read_authorisations": _("看了授权书"),
    "verification.run_checks": _("向各部门核对"),
    "verification.sign_authorisations": _("登记了核对授权"),
    "verification.withdraw_authorisation": _("撤回了核对授权"),
}


KINDS: dict[str, str | Promise] = {
    "account": pgettext_lazy("audit", "账号"),
    "address": pgettext_lazy("audit", "网络地址"),
    "application": pgettext_lazy("audit", "申请"),
    "approval": pgettext_lazy("audit", "导出申请"),
    "area": pgettext_lazy("audit", "区划"),
    "backup": pgettext_lazy("audit", "备份"),
    "check": pgettext_lazy("audit", "核对"),
    "checkpoint": pgettext_lazy("audit", "检查点"),
    "delivery": pgettext_lazy("audit", "交付"),
    "draft": pgettext_lazy("audit", "草稿"),
    "emergency": pgettext_lazy("audit", "应急查看"),
    "enquiry": pgettext_lazy("audit", "网上来信"),
    "entry": pgettext_lazy("audit", "痕迹"),
    "grant": pgettext_lazy("audit", "授权"),
    "handout": pgettext_lazy("audit", "取走的文件"),
    "hold": pgettext_lazy("audit", "保全"),
    "household": pgettext_lazy("audit", "家庭"),
    "key": pgettext_lazy("audit", "加密密钥"),
    "opinion": pgettext_lazy("audit", "意见"),
    "person": pgettext_lazy("audit", "个人"),
    "product": pgettext_lazy("audit", "数据产品"),
    "retention_rule": pgettext_lazy("audit", "保存规则"),
    "review": pgettext_lazy("audit", "复核"),
    "role": pgettext_lazy("audit", "角色"),
    "rulebook": pgettext_lazy("audit", "规则"),
    "secret": pgettext_lazy("audit", "密钥"),
    "service": pgettext_lazy("audit", "系统账号"),
    "session": pgettext_lazy("audit", "登录"),
    "simulation": pgettext_lazy("audit", "试算"),
    "snapshot": pgettext_lazy("audit", "快照"),
    "use": pgettext_lazy("audit", "其他系统的查询"),
    "work": pgettext_lazy("audit", "待办"),
}
"""What an entry is about, by the kind that stands before its id."""

PAGE = "page."
"""Stands before the name of a page that was opened, where its view wrote no entry of its own."""


OPENED = _("打开了页面")
_CODE = re.compile(r"[a-z_]+\.[a-z_.]*")


class Named(dict[str, str | Promise]):
    """Words by verb; of whatever begins with `page.` the same."""

    def get(self, verb: str, default: Any = None) -> Any:
        return OPENED if verb.startswith(PAGE) else super().get(verb, default)


NAMED = Named(WORDS)


def asked_for(text: str) -> dict[str, Any]:
    """What somebody means who asks for acts by the words of the page, or by a code or its beginning: `verb` (a prefix)
    and `verbs` of `entries`.
    """
    words = text.casefold()
    is_code = _CODE.fullmatch(text) is not None or any(verb.startswith(text) for verb in NAMED)
    if not text or is_code:
        return {"verb": text}
    if words in str(OPENED).casefold():
        return {"verb": PAGE}
    found = [verb for verb, said in NAMED.items() if words in str(said).casefold()]
    return {"verb": "", "verbs": found} if found else {"verb": text}


def act_said(verb: str, outcome: str) -> str:
    """What an entry tells of: a refused look that got no further than its page has that page's name, and no words."""
    return word_of(PAGE + verb if outcome == "refused" and verb not in NAMED else verb)


def word_of(verb: str) -> str:
    """What an act is called; its code where it has no words."""
    return str(NAMED.get(verb, verb))
