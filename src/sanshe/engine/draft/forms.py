"""How needs are usually answered: the form of service for each leaf.

Used where no matched offer says it better. A leaf that a city added takes its field's form, an
unknown field the general one. The safety leaves (CHD08, WFM01, MEN02) have none: they are answered
by people at once and never stand in a proposal.
"""

from collections.abc import Mapping

from sanshe.engine.draft.fields import field_words

SAFETY_LEAVES = frozenset({"CHD08", "WFM01", "MEN02"})


FORMS: Mapping[str, tuple[str, str]] = {
    "ELD01": ("activity", "日间照料需求对接与体验活动"),
    "ELD02": ("visit", "居家老人生活帮扶探访"),
    "ELD03": ("referral", "长者助餐送餐对接"),
    "ELD04": ("visit", "居家适老化评估入户"),
    "ELD05": ("visit", "独居空巢老人定期探访"),
    "ELD06": ("group", "失能失智老人照顾者支持小组"),
    "ELD07": ("group", "长者怀旧与同伴支持小组"),
    "ELD08": ("course", "长者智能手机课堂"),
    "ELD09": ("course", "老年权益与生命教育讲堂"),
    "CHD01": ("course", "四点半课堂"),
    "CHD02": ("activity", "假期成长营与研学活动"),
    "CHD03": ("group", "亲子共学小组"),
    "CHD04": ("casework", "困境儿童个案服务"),
    "CHD05": ("group", "留守与流动儿童成长小组"),
    "CHD06": ("group", "青春期身心健康小组"),
    "CHD07": ("casework", "青少年行为辅导个案服务"),
    "DIS01": ("referral", "康复训练与辅具链接"),
    "DIS02": ("activity", "无障碍环境体验与协商"),
    "DIS03": ("training", "残障居民就业技能培训"),
    "DIS04": ("group", "残障家庭照顾者喘息小组"),
    "DIS05": ("group", "残障儿童融合成长小组"),
    "WFM02": ("casework", "婚姻家庭关系调适个案服务"),
    "WFM03": ("group", "单亲家庭互助小组"),
    "WFM04": ("course", "孕产与婴幼儿照护课堂"),
    "WFM05": ("training", "妇女技能与权益培训"),
    "WFM06": ("group", "隔代照顾与代际沟通小组"),
    "MIG01": ("activity", "居住证与积分政策咨询日"),
    "MIG02": ("activity", "随迁子女入学政策咨询会"),
    "MIG03": ("course", "闽南话与城市融入课堂"),
    "MIG04": ("activity", "劳动权益咨询日"),
    "MIG05": ("activity", "租住安全与房客议事会"),
    "MIG06": ("activity", "新就业群体关爱驿站活动"),
    "EMP01": ("activity", "就近就业岗位对接会"),
    "EMP02": ("training", "实用技能培训"),
    "EMP03": ("training", "创业支持工作坊"),
    "EMP04": ("casework", "就业困难人员帮扶个案服务"),
    "HLT01": ("course", "慢病自我管理课堂"),
    "HLT02": ("activity", "家庭医生签约与就医咨询日"),
    "HLT03": ("casework", "大病家庭救助链接个案服务"),
    "HLT04": ("visit", "出院居民康复探访"),
    "HLT05": ("training", "急救技能培训"),
    "MEN01": ("group", "情绪与压力调适小组"),
    "MEN03": ("casework", "精神障碍社区康复个案服务"),
    "MEN04": ("group", "哀伤与创伤陪伴小组"),
    "MEN05": ("casework", "成瘾行为改变个案服务"),
    "AID01": ("casework", "救助政策申请协助"),
    "AID02": ("casework", "急难家庭帮扶个案服务"),
    "AID03": ("referral", "生活物资链接与发放"),
    "AID04": ("referral", "助学资源链接"),
    "AID05": ("casework", "住房困难家庭政策链接"),
    "AID06": ("referral", "流浪人员救助转介"),
    "AID07": ("visit", "退役军人与优抚家庭探访"),
    "COR01": ("casework", "社区矫正对象帮扶个案服务"),
    "COR02": ("casework", "安置帮教对象帮扶个案服务"),
    "COR03": ("casework", "涉罪未成年人帮教个案服务"),
    "COR04": ("group", "矫正对象家庭支持小组"),
    "DRG01": ("casework", "戒毒康复个案服务"),
    "DRG02": ("casework", "戒毒人员家庭与就业支持"),
    "DRG03": ("publicity", "禁毒预防宣传"),
    "GOV01": ("activity", "居民议事协商会"),
    "GOV02": ("activity", "物业服务议事协商会"),
    "GOV03": ("training", "楼栋长与网格自治骨干培训"),
    "GOV04": ("activity", "党员先锋服务日"),
    "GOV05": ("publicity", "移风易俗宣传"),
    "ENV01": ("activity", "清洁家园与垃圾分类行动"),
    "ENV02": ("activity", "停车与交通问题协商会"),
    "ENV03": ("activity", "公共空间共议共建活动"),
    "ENV04": ("activity", "老旧小区改造与加装电梯协商会"),
    "ENV05": ("activity", "噪音油烟问题协商会"),
    "ENV06": ("activity", "排水与文明养宠协商会"),
    "EDU01": ("course", "社区兴趣课程"),
    "EDU02": ("course", "地方文化与非遗课堂"),
    "EDU03": ("activity", "文体队伍展演与节庆活动"),
    "EDU04": ("activity", "社区读书会"),
    "EDU05": ("publicity", "科普普法宣传"),
    "SAF01": ("publicity", "反诈防骗宣传"),
    "SAF02": ("training", "消防与用电安全演练"),
    "SAF03": ("activity", "邻里守望巡逻行动"),
    "SAF04": ("activity", "法律咨询日"),
    "SAF05": ("activity", "邻里纠纷调解与议事"),
    "SAF06": ("training", "防灾避险与防溺水演练"),
    "ORG01": ("training", "志愿者招募与培训"),
    "ORG02": ("training", "社区社会组织骨干培训"),
    "ORG03": ("activity", "社区慈善与微心愿活动"),
    "ORG04": ("activity", "驻区单位共建对接会"),
    "ORG05": ("activity", "社区组织能力支持沙龙"),
}

#: What an offer of a kind becomes in the plan; None: the usual form of the need's leaf.
OFFER_FORMS: Mapping[str, str | None] = {
    "casework": "casework",
    "counselling": "casework",
    "group": "group",
    "activity": "activity",
    "course": "course",
    "visit": "visit",
    "volunteer": "visit",
    "meal": "referral",
    "care": "referral",
    "goods": "referral",
    "money": "referral",
    "venue": "referral",
    "job": "referral",
    "skill": "referral",
    "referral": "referral",
}
#: What one unit of a price is, by the kind of activity.
PRICE_UNITS: Mapping[str, str] = {
    "casework": "个",
    "group": "节",
    "activity": "场",
    "course": "课次",
    "visit": "人次",
    "training": "场",
    "publicity": "场",
    "referral": "份",
}
#: Offers that are things or goodwill rather than a service bought.
RESOURCE_WORDS: Mapping[str, str] = {
    "goods": "物资",
    "money": "资金",
    "venue": "场地",
    "job": "岗位",
    "skill": "专业技能",
    "volunteer": "志愿服务",
}


def form_of(leaf: str) -> tuple[str, str]:
    """Kind and title of the usual service for a leaf."""
    return FORMS.get(leaf) or field_words(leaf).form
