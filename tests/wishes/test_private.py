"""What tells who somebody is is refused, with the reason; what does not is not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from circle.errors import InputError
from circle.wishes.private import What, private, refuse_private

REFUSED = {
    What.NAME: [
        "王先生说楼道太暗",
        "请转告李阿姨",
        "张师傅修得好",
        "欧阳女士需要轮椅坡道",
        "王小明先生的家门口",
        "刘主任答应过",
        "姓名：陈晓红",
        "我叫陈红。",
        "联系人 赵大海",
        "Mr. Wang asked for it",
        "ask Mrs Li please",
        "My name is John",
    ],
    What.NUMBER: [
        "电话13800138000",
        "打138-0013-8000",
        "138 0013 8000",
        "１３８００１３８０００",
        "一三八零零一三八零零零",
        "幺三八〇〇一三八〇〇〇",
        "021-64370000",
        "64370000",
        "(021) 6437 0000",
        "+86 138 0013 8000",
        "身份证310104195001011234",
        "31010419500101123X",
        "卡号6222 0210 0111 2222 333",
    ],
    What.ADDRESS: [
        "写信到 a.b@example.com",
        "微信号 wangxm88",
        "加微信：abc_12345",
        "QQ: 12345",
        "见 https://example.com/x",
        "www.example.com",
    ],
    What.HOME: ["康平路100弄5号302室", "12号楼1203", "3栋 402", "Room 302", "apt #12"],
}
TAKEN = [
    "想要一个菜市场",
    "食堂的师傅很好，希望周末也开",
    "希望社区医生每周来两次",
    "小学老师下班后也能用的自习室",
    "对于老师和家长都方便的地方",
    "提高护士的待遇",
    "语文老师讲座",
    "谢谢阿姨们的照顾",
    "工程师傅来修过三次",
    "班主任老师也来用",
    "希望物业经理能常来",
    "2026-11-27前修好",
    "2026年11月27日下午开放",
    "每天 8:00-20:00 开放",
    "康平路100弄门口加一盏灯",
    "横道线离路口25-27米",
    "大约 3000 人受益",
    "A bench near the bus stop, please",
    "3 rooms for reading",
    "为老年人多设座椅",
    "活动室能放 40 把椅子",
]


@pytest.mark.parametrize(
    ("what", "text"), [(what, text) for what, texts in REFUSED.items() for text in texts]
)
def test_it_is_refused_with_the_reason(what: What, text: str) -> None:
    assert what in {piece.what for piece in private(text)}
    with pytest.raises(InputError) as caught:
        refuse_private(text)
    assert caught.value.message("zh") != caught.value.message("en")


@pytest.mark.parametrize("text", TAKEN)
def test_it_is_taken(text: str) -> None:
    assert private(text) == ()


@given(st.text(max_size=80), st.integers(13_000_000_000, 19_999_999_999), st.text(max_size=80))
def test_a_telephone_number_is_found_anywhere(before: str, number: int, after: str) -> None:
    assert any(piece.what is What.NUMBER for piece in private(f"{before}，{number}，{after}"))


@given(st.text())
def test_any_text_is_read(text: str) -> None:
    assert isinstance(private(text), tuple)
