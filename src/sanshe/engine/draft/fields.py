"""The words of each field of service: who is served, how they are found, what is to change."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class FieldWords:
    """What a proposal says of a field of service.

    people: who is served. outcome, impact: what changes for them, and for the community.
    theory: the approach the work rests on. reach: where these people are found. form: the usual
    kind and title of a service.
    """

    people: str
    outcome: str
    impact: str
    theory: str
    reach: str
    form: tuple[str, str]


GENERAL = FieldWords(
    "有相应需求的社区居民",
    "需求得到具体回应，知道向谁求助、怎样求助",
    "社区形成发现和回应需求的常态做法",
    "生态系统",
    "由网格员和社区两委推荐，居民自愿报名",
    ("activity", "居民专题服务活动"),
)

FIELDS: Mapping[str, FieldWords] = {
    "ELD": FieldWords(
        "60岁及以上老年人及其照顾者，独居、空巢、高龄、失能者优先",
        "日常生活有照应、遇事有人帮，孤独感减轻",
        "邻里守望的为老服务网络稳定运行",
        "生态系统",
        "老人会与网格员名册、入户探访、电话邀请，保留纸质报名",
        ("visit", "老年人定期探访"),
    ),
    "CHD": FieldWords(
        "0至17岁儿童青少年及其监护人，困境、留守和流动儿童优先",
        "课后和假期有去处，学习与交往能力提升，亲子沟通改善",
        "家庭、学校、社区协同的儿童友好环境逐步形成",
        "优势视角",
        "学校和社区儿童之家通知，由监护人报名并签署知情同意书",
        ("group", "儿童青少年成长小组"),
    ),
    "DIS": FieldWords(
        "残障居民及其照顾者",
        "康复、出行和参与的障碍减少，照顾者得到喘息",
        "社区对残障居民的接纳与支持增强",
        "增权",
        "残疾人联络员名册、入户邀请，提供无障碍报名方式",
        ("group", "残障居民与家属支持小组"),
    ),
    "WFM": FieldWords(
        "妇女及面临照顾、婚姻、生育压力的家庭",
        "家庭沟通改善，照顾压力得到分担，妇女发展机会增加",
        "社区家庭支持体系更加完善",
        "增权",
        "妇联执委和楼栋长推荐，线上线下自愿报名",
        ("group", "家庭支持小组"),
    ),
    "MIG": FieldWords(
        "外来务工人员、新就业群体及其随迁家庭",
        "了解本地政策和办事途径，邻里交往增多，权益受损时会求助",
        "新老居民互相接纳，共同参与社区事务",
        "社会支持",
        "企业、出租屋管理员和站点发布，晚间与周末报名",
        ("activity", "新老居民融合活动"),
    ),
    "EMP": FieldWords(
        "有就业创业意愿的居民，就业困难人员优先",
        "掌握岗位信息与一项实用技能，求职渠道拓宽",
        "居民就近就业的机会增加",
        "增权",
        "社区公示、企业与人社部门信息渠道，自愿报名",
        ("training", "就业技能培训"),
    ),
    "HLT": FieldWords(
        "有健康管理和就医需求的居民，慢病、术后和行动不便者优先",
        "健康知识与自我管理能力提升，就医更便利",
        "社区健康支持网络与医疗机构衔接更顺畅",
        "社会支持",
        "社区卫生服务中心推荐，现场与电话报名",
        ("course", "健康自我管理课堂"),
    ),
    "MEN": FieldWords(
        "有情绪困扰、哀伤或康复需要的居民及家属",
        "情绪得到疏导，学会求助，获得持续陪伴",
        "社区对心理健康的理解增加，污名减少",
        "社会支持",
        "社工面谈与转介，自愿参加，信息严格保密",
        ("casework", "情绪支持个案服务"),
    ),
    "AID": FieldWords(
        "低保、特困、低收入及遇急难的居民家庭，优抚对象",
        "应享政策落实，急难有托底，生活压力缓解",
        "困难家庭早发现、早帮扶的机制建立",
        "社会支持",
        "民政与网格名册核对，社工入户了解，尊重意愿",
        ("casework", "困难家庭政策链接与帮扶"),
    ),
    "COR": FieldWords(
        "矫正对象、安置帮教对象及其家庭",
        "生活和就业趋于稳定，家庭关系修复",
        "社会融入顺利，重新违法风险降低",
        "优势视角",
        "由司法所转介，名单不公开，自愿参加",
        ("casework", "适应与融入个案服务"),
    ),
    "DRG": FieldWords(
        "戒毒康复人员及其家庭，社区青少年",
        "康复动机稳固，家庭支持恢复，识毒拒毒意识提高",
        "无毒社区的共识巩固",
        "生态系统",
        "由禁毒社工转介，宣传类面向全体居民",
        ("publicity", "禁毒预防宣传"),
    ),
    "GOV": FieldWords(
        "社区居民、楼栋长、居民骨干与各类自治组织",
        "居民能按程序议事，意见有回音，事项有人跟进",
        "共建共治共享的治理格局逐步形成",
        "增权",
        "居民代表会议、楼栋群与公告栏公开招募",
        ("activity", "居民议事协商会"),
    ),
    "ENV": FieldWords(
        "受环境与公共设施问题影响的居民",
        "问题有议定的办法和责任方，居民参与维护",
        "社区环境持续改善，维护责任共同承担",
        "增权",
        "以楼栋和小区为单位邀请，物业与商户共同参加",
        ("activity", "环境与设施问题协商会"),
    ),
    "EDU": FieldWords(
        "爱好学习和文体活动的社区居民",
        "学有所得，文化生活丰富，结识邻里",
        "地方文化得到传承，居民文体队伍自我运转",
        "优势视角",
        "公告栏、微信群与现场报名，名额公开",
        ("course", "社区兴趣课程"),
    ),
    "SAF": FieldWords(
        "社区全体居民，老年人、儿童与商户为重点",
        "防范知识增加，隐患有人报、有人管，纠纷有处说理",
        "平安社区的群防群治基础更加牢固",
        "生态系统",
        "网格入户告知，与派出所、司法所、消防联合邀请",
        ("publicity", "平安宣传与演练"),
    ),
    "ORG": FieldWords(
        "志愿者、社区社会组织骨干、辖区单位与爱心企业",
        "队伍有骨干、有制度、有活动，资源得到有序使用",
        "五社联动的支持网络持续发挥作用",
        "优势视角",
        "公开招募与单位推荐，面谈后签订志愿服务约定",
        ("training", "志愿者与骨干培训"),
    ),
}


def field_words(leaf: str) -> FieldWords:
    """The words of a leaf's field, or the general ones."""
    return FIELDS.get(leaf[:3], GENERAL)
