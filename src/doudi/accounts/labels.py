"""What each permission, and each way of seeing a field, is called. A permission without words here is none."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

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
    "sources.read": _("看部门交付的数据"),
    "sources.receive": _("接收部门交付的数据"),
    "rulebook.read": _("看政策和规则"),
    "rulebook.drafts": _("看规则草稿"),
    "rulebook.edit": _("起草标准和规则"),
    "insight.read": _("看政策模拟"),
    "insight.simulate": _("试算改革"),
    "insight.cliff": _("看家庭的悬崖曲线"),
    "rulebook.approve": _("批准标准和规则"),
    "keeping.hold": _("暂停到期删除"),
    "keeping.copy": _("在窗口给本人信息副本"),
    "audit.read": _("查看痕迹"),
    "operations.read": _("看系统运行状态"),
    "gateway.answer": _("看和答复网上来信"),
    "accounts.administer": _("管理账号和授权"),
    "console.system": _("看系统运行情况"),
    "console.security": _("看账号安全情况"),
    "console.audit": _("看痕迹是否完好"),
    "accounts.emergency": _("应急查看"),
    "accounts.review_emergency": _("复核应急查看"),
    "accounts.view_as": _("以某个角色预览页面"),
    "exports.read": _("带走文件，看自己的导出"),
    "exports.approve": _("同意别人大批导出"),
    "exports.inspect": _("查看本辖区所有导出"),
    "exchange.board": _("看其他部门查了什么"),
}
ROOM_LABELS = {
    "desk": _("我的工作"),
    "registry": _("困难家庭"),
    "cases": pgettext_lazy("access", "申请与办理"),
    "verification": _("家庭经济状况核对"),
    "sources": pgettext_lazy("access", "部门数据"),
    "rulebook": pgettext_lazy("access", "政策和规则"),
    "insight": pgettext_lazy("access", "模拟与曲线"),
    "keeping": _("保存与删除"),
    "audit": _("痕迹"),
    "operations": _("系统运行"),
    "gateway": _("网上来信"),
    "accounts": _("账号与授权"),
    "console": _("管理台"),
    "exports": _("导出"),
    "exchange": _("信息共享"),
}
SIGHT_LABELS = {
    "full": pgettext_lazy("access", "全看"),
    "totals": pgettext_lazy("access", "只看家庭合计"),
    "limit": pgettext_lazy("access", "只看是否超过"),
    "masked": pgettext_lazy("access", "打码"),
    "none": pgettext_lazy("access", "不看"),
}
LEVEL_LABELS = {
    "township": pgettext_lazy("access", "乡镇（街道）"),
    "county": pgettext_lazy("access", "县（市、区）"),
    "house": pgettext_lazy("access", "全系统"),
}
