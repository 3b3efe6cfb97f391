"""Where a change came from, in the words of the office: a page by its section, a command by what it
does. What has no words is told as it was written down; the exported file always has that."""

from django.apps import apps

from organization.history import COMMAND

ADMIN = "填报与管理"
SECTIONS = {
    "accounts": "账号",
    "admin": ADMIN,
    "evidence": "佐证材料",
    "handovers": "工作交接",
    "progress": "任务和项目填报",
    "returns": "监测表",
    "supervision": "督办",
    "todo": "待办",
}
COMMANDS = {
    "create_first_admin": "建立首个系统管理员",
    "load_plan": "载入规划",
    "load_plan_text": "载入规划原文",
    "load_sample": "载入演示数据",
    "migrate": "升级数据库",
    "open_round": "开启填报批次",
    "recompute": "重新计算",
    "send_reminders": "发送提醒",
}


def entrance(via: str) -> str:
    """“督办”, “填报与管理 › 单位”, “命令行：载入演示数据”; "" stays ""."""
    if via.startswith(COMMAND):
        done = COMMANDS.get(via.removeprefix(COMMAND).strip())
        return f"{COMMAND}：{done}" if done else via
    section, *rest = via.strip("/").split("/")
    if section == "admin" and (name := _model_name(rest)):
        return f"{ADMIN} › {name}"
    return SECTIONS.get(section, via)


def _model_name(rest: list[str]) -> str:
    """Of /admin/organization/unit/…; "" where there is no such table."""
    try:
        return str(apps.get_model(*rest[:2])._meta.verbose_name)
    except (LookupError, TypeError, ValueError):  # an old or odd path: it is shown as it stands
        return ""
