"""Cleaning and masking: what is rewritten, what is hidden, and what must stay."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sanshe.engine.normalize import clean, normalize


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("希望有助餐服務(wù)，發(fā)展社區(qū)", "希望有助餐服务，发展社区"),
        ("他們(men)說(shuō)過(guò)的", "他们说过的"),
        ("ＡＥＤ在哪里？１２３", "AED在哪里？123"),
        ("阿公\u200b一个\ufeff人\x00住", "阿公一个人住"),
        ("  没车位\t\n 晚上  ", "没车位 晚上"),
        ("电梯（七楼）坏了；修吗…", "电梯（七楼）坏了；修吗…"),
        ("用微信(WeChat)看", "用微信(WeChat)看"),
        ("坏字\ud800符", "坏字符"),
        ("", ""),
    ],
)
def test_a_text_becomes_clean(raw: str, text: str) -> None:
    assert normalize(raw).text == text


@pytest.mark.parametrize(
    ("raw", "text", "original"),
    [
        ("打我电话13812345678", "打我电话138****5678", "13812345678"),
        ("打138 1234 5678找我", "打138****5678找我", "138 1234 5678"),
        ("打138-1234-5678找我", "打138****5678找我", "138-1234-5678"),
        ("１３８１２３４５６７８", "138****5678", "13812345678"),
        ("家里0595-88881234", "家里0595****1234", "0595-88881234"),
        ("身份证350581199001011234", "身份证350581****1234", "350581199001011234"),
        ("身份证35058119900101123X号", "身份证350581****123X号", "35058119900101123X"),
        ("350581 19900101 1234", "350581****1234", "350581 19900101 1234"),
        ("老证350581900101123", "老证350581****1123", "350581900101123"),
        ("卡号6222021234567890128", "卡号6222****0128", "6222021234567890128"),
        ("发lin.xm@qq.com", "发l****@qq.com", "lin.xm"),
        ("微信号：lin_xm88加我", "微信号：li****加我", "lin_xm88"),
        ("QQ 123456789", "QQ 12****", "123456789"),
        ("135.0595.1234", "135****1234", "135.0595.1234"),
        ("找我135 - 0595 - 1234", "找我135****1234", "135 - 0595 - 1234"),
        ("店里0595-8888 6666", "店里0595****6666", "0595-8888 6666"),
        ("店里（0595）88886666", "店里（0595****6666", "0595）88886666"),
        ("13505951234VX同号", "135****1234VX同号", "13505951234"),
        ("微信号 wx_lin88", "微信号 wx****", "wx_lin88"),
        ("加V信lin_xm88", "加V信li****", "lin_xm88"),
        ("打一三五零五九五一二三四", "打135****1234", "一三五零五九五一二三四"),
        ("打幺三八 〇五九五 一二三四", "打138****1234", "幺三八 〇五九五 一二三四"),
        ("打一三五，零五，九五，一二，三四", "打135****1234", "一三五，零五，九五，一二，三四"),
        ("打135零五九五1234找我", "打135****1234找我", "135零五九五1234"),
        ("店里零五九五八八八八六六六六", "店里0595****6666", "零五九五八八八八六六六六"),
        ("壹叁伍零伍玖伍壹贰叁肆", "135****1234", "壹叁伍零伍玖伍壹贰叁肆"),
    ],
)
def test_a_personal_number_is_masked_and_kept_aside(raw: str, text: str, original: str) -> None:
    cleaned = normalize(raw)
    assert cleaned.text == text
    assert [span.original for span in cleaned.masked] == [original]


@pytest.mark.parametrize(
    "text",
    [
        "2026年3月1日",
        "2026-03-01到2026-03-31",
        "社区代码350581001006",
        "一共100000000元",
        "1234.56元",
        "打12345没人接",
        "花园城3号楼502室",
        "4009001234",
        "6222021234567890",
        "预算138000元",
        "补贴150、2000、3500，一共三档",
        "补贴150,2000,3500",
        "二〇二六年三月一日",
        "一三五二四六都有课",
        "一、二、三、四、五、六、七、八、九、十、一一",
        "一九九八、一九九九、三〇五",
        "二二四六八一三五七九零",
    ],
)
def test_dates_amounts_codes_and_addresses_stay(text: str) -> None:
    assert normalize(text).text == text


@pytest.mark.parametrize("run", ["0 " * 50_000, "零，" * 50_000, "零" * 99_999, "a" * 99_999 + "@"])
def test_the_time_grows_with_the_length_not_with_its_square(run: str) -> None:
    start = time.perf_counter()
    assert not normalize(run).masked
    assert time.perf_counter() - start < 10, "a square would take half a minute at the least"


def test_two_numbers_side_by_side_are_masked_one_by_one() -> None:
    cleaned = normalize("13812345678 350581199001011234 13912345678")
    assert cleaned.text == "138****5678 350581****1234 139****5678"
    assert len(cleaned.masked) == 3


_PIECES = st.sampled_from(
    ["13812345678", "138 1234 5678", "0595-88881234", "350581199001011234", "a.b@qq.com", " ", "-"]
    + [
        "微信号：abc_12345",
        "一三五零五九五一二三四",
        "幺三八，",
        "零五九五",
        "一二三四",
        "@qq.com",
        "wx",
        "*",
        "1",
        "86",
        "6222021234567890128",
        "服務(wù)",
        "阿公",
        "，",
        "@",
        "。",
    ]
)


@given(st.one_of(st.text(max_size=80), st.lists(_PIECES, max_size=8).map("".join)))
def test_cleaning_twice_changes_nothing_more(raw: str) -> None:
    once = normalize(raw)
    again = normalize(once.text)
    assert again.text == once.text
    assert not again.masked


@given(st.one_of(st.text(max_size=80), st.lists(_PIECES, max_size=8).map("".join)))
def test_the_spans_lead_back_to_the_unmasked_text(raw: str) -> None:
    cleaned = normalize(raw)
    assert cleaned.original == clean(raw)
    ends = [0, *[span.end for span in cleaned.masked]]
    assert all(
        end <= span.start < span.end for end, span in zip(ends, cleaned.masked, strict=False)
    )
    assert not cleaned.masked or cleaned.masked[-1].end <= len(cleaned.text)
