"""A small study in the engine's own terms."""

from datetime import date

from sanshe.engine.draft import (
    Draft,
    DraftGap,
    DraftMatch,
    DraftNeed,
    DraftOffer,
    DraftRules,
    DraftStatement,
    InformantCount,
    MethodCount,
    ProjectFacts,
    StudyFacts,
    TreeNames,
    draft,
)

TREE = TreeNames(
    {"ELD": "为老服务", "CHD": "儿童青少年", "ENV": "社区环境与设施", "WFM": "妇女与家庭"},
    {"ELD03": "助餐送餐", "ELD05": "独居空巢探访", "CHD01": "课后托管与学业辅导",
     "ENV02": "停车与交通", "WFM01": "家庭暴力"},
)  # fmt: skip
PROJECT = ProjectFacts(
    title="家门口的回应", organization="示例社工事务所", starts_on=date(2026, 7, 1),
    ends_on=date(2027, 6, 30), drafted_on=date(2026, 5, 6),
)  # fmt: skip


def make_study(**changes: object) -> StudyFacts:
    facts: dict[str, object] = {
        "title": "花园城社区需求调研",
        "community": "花园城社区",
        "community_code": "350581001006",
        "town": "湖滨街道",
        "starts_on": date(2026, 3, 1),
        "ends_on": date(2026, 4, 15),
        "methods": (MethodCount("INTV", "访谈", 9, 21), MethodCount("VISIT", "入户走访", 4, 6)),
        "informants": (
            InformantCount("resident", "普通居民", 20, 25),
            InformantCount("elders", "老人会", 7),
            InformantCount("medical", "医护", 0),
        ),
    }
    return StudyFacts(**(facts | changes))  # type: ignore[arg-type]


def make_statement(ident: str, text: str = "", **changes: object) -> DraftStatement:
    facts: dict[str, object] = {
        "informant": "普通居民", "method": "访谈", "on": date(2026, 3, 5),
    }  # fmt: skip
    return DraftStatement(ident, text or f"这是第{ident}句话", **(facts | changes))  # type: ignore[arg-type]


def make_need(
    ident: str, leaf: str = "ELD03", band: str = "A", priority: float = 80.0, **changes: object
) -> DraftNeed:
    return DraftNeed(ident, changes.pop("title", f"需求{ident}"), leaf, band, priority,  # type: ignore[arg-type]
                     **changes)  # fmt: skip


NEEDS = (
    make_need("N1", "ELD03", "A", 88.0, title="老人吃饭难", statements=("1", "2", "3"), people=40,
              bradshaw=("felt", "expressed", "normative")),
    make_need("N2", "ELD05", "B", 70.0, title="独居老人没人看望", statements=("4",)),
    make_need("N3", "CHD01", "B", 61.0, title="放学没人接", statements=("5", "6")),
    make_need("N4", "ENV02", "D", 20.0, title="停车难", statements=("7",)),
    make_need("N5", "WFM01", "P0", 100.0, title="她说她被打了", statements=("8",), safety=True),
)  # fmt: skip
STATEMENTS = (
    make_statement("1", "中午没人做饭", informant="老人会"),
    make_statement("2", "煮一顿饭吃三天"),
    make_statement("3", "食堂太远走不到"),
    make_statement("4", "孩子都在外面"),
    make_statement("5", "四点半放学我还没下班"),
    make_statement("6", "奶奶接不动"),
    make_statement("7", "晚上回来没有车位"),
    make_statement("8", "昨晚又动手了", safety=True),
)
OFFERS = (
    DraftOffer("O1", "邻里食堂送餐", "meal", "示例餐饮", capacity=60, unit_cost_fen=1_250),
    DraftOffer("O2", "四点半课堂", "course", "示例学堂", capacity=5, unit_cost_fen=33_333),
)
MATCHES = (DraftMatch("N1", "O1", 0.9, "同一需求类型"), DraftMatch("N3", "O2", 0.8, "同一需求类型"))
GAPS = (DraftGap("N2", "本街道没有探访服务", "邻里守望队"),)


def make_draft(**changes: object) -> Draft:
    facts: dict[str, object] = {
        "study": make_study(),
        "needs": NEEDS,
        "matches": MATCHES,
        "gaps": GAPS,
        "offers": OFFERS,
        "statements": STATEMENTS,
        "tree": TREE,
        "rules": DraftRules(),
        "project": PROJECT,
    }
    return draft(**(facts | changes))  # type: ignore[arg-type]
