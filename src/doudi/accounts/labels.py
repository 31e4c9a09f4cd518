"""What each permission is called."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

PERMISSION_LABELS = {
    "desk.work": _("有自己要办的事"),
    "registry.read": _("查找和查看辖区里的家庭"),
    "cases.read": _("看申请"),
    "cases.enter": _("登记申请"),
    "cases.accept": _("受理申请"),
    "cases.verify": _("为申请提请核对"),
    "cases.assess": _("让系统按规则计算"),
    "cases.return": _("退回申请"),
    "cases.propose": _("写拟办意见"),
    "cases.review": _("复核拟办意见"),
    "cases.choose": _("裁量选择并写明理由"),
    "verification.read": _("看核对报告"),
    "verification.request": _("提请核对"),
    "verification.authorise": _("登记核对授权书"),
    "verification.conclude": _("给出核对结论"),
    "verification.bank_values": _("看银行数据的原值"),
    "sources.read": _("看部门交付的数据"),
    "sources.receive": _("接收部门交付的数据"),
    "rulebook.read": _("看政策和规则"),
    "rulebook.drafts": _("看规则草稿"),
    "rulebook.edit": _("起草标准和规则"),
    "insight.read": _("看政策模拟"),
    "insight.simulate": _("试算改革"),
    "insight.cliff": _("看家庭的悬崖曲线"),
    "rulebook.approve": _("批准标准和规则"),
    "audit.read": _("查看痕迹"),
    "accounts.administer": _("管理账号和授权"),
}
