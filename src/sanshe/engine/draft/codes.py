"""The code lists of a proposal: its sections, kinds of activity and budget accounts."""

#: The sections of a proposal (项目方案), by number.
SECTION_TITLES: dict[int, str] = {
    1: "项目基本信息",
    2: "机构简介与资质",
    3: "项目背景",
    4: "需求分析",
    5: "服务对象",
    6: "理论依据与逻辑模型",
    7: "项目目标",
    8: "服务内容与进度",
    9: "产出指标",
    10: "项目团队",
    11: "项目预算",
    12: "风险与应对",
    13: "监测评估与满意度",
    14: "可持续性与宣传",
    15: "志愿者与慈善资源",
    16: "附件",
}
ACTIVITY_KINDS: dict[str, str] = {
    "casework": "个案",
    "group": "小组",
    "activity": "社区活动",
    "course": "社区教育",
    "visit": "探访",
    "training": "培训",
    "publicity": "宣传",
    "referral": "转介链接",
}
BUDGET_ACCOUNTS: dict[str, str] = {
    "1": "人员",
    "2": "志愿者补贴与保险",
    "3": "活动费",
    "4": "督导培训",
    "5": "宣传",
    "6": "办公与设备",
    "7": "评估审计",
    "8": "管理费",
    "9": "税费",
}
