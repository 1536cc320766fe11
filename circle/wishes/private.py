"""What a wish must not hold: names, numbers, homes. Found by pattern, so not everything.

A reviewer reads each wish before it is published; this keeps out what can be told
without understanding it.
"""

from __future__ import annotations

import re
import unicodedata
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from circle.errors import InputError
from circle.i18n import t

if TYPE_CHECKING:
    from collections.abc import Iterator


class What(StrEnum):
    """What is refused."""

    NAME = "name"
    NUMBER = "number"
    ADDRESS = "address"
    HOME = "home"


class Private(NamedTuple):
    """A piece of a text that tells who somebody is."""

    what: What
    text: str


_SURNAMES = (
    "欧阳|司马|上官|诸葛|司徒|夏侯|皇甫|尉迟|公孙|慕容|令狐|"
    "[王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林郑谢罗梁宋唐许韩冯邓曹彭曾肖萧田董袁潘于蒋蔡余杜叶程苏"
    "魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付傅方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵"
    "万钱严覃武戴莫孔汤康柳倪俞章施鲍华殷尤岑滕毕皮卞伍卜季舒屈项祝梅盛刁骆柯房裘缪翁荀惠甄封芮储]"
)
_OF_A_PERSON = "先生|女士|小姐|同志|太太"
_OF_A_ROLE = (
    "阿姨|叔叔|爷爷|奶奶|大爷|大妈|大叔|大伯|伯伯|阿婆|阿公|婆婆|外婆|外公|师傅|老师|医生|大夫|护士|"
    "书记|主任|经理|老板|警官|律师|校长|院长|局长|科长|处长|所长"
)
_NOT_IN_A_NAME = "的了和与及或在是有无各位这那该本请让给被把为从向对问找说要想能会不没"
_MASKED = sorted(
    {
        "对于", "关于", "由于", "基于", "位于", "便于", "至于", "属于", "处于", "用于",
        "地方", "对方", "双方", "官方", "多方", "各方", "一方", "东方",
        "提高", "更高", "很高", "最高", "增高", "升高", "资金", "基金", "现金",
        "语文", "谢谢", "感谢", "工程", "课程", "流程", "过程", "设施", "措施", "实施",
        "明白", "空白",
                "健康", "小康", "楼房", "厨房", "药房", "平房", "住房", "班主任", "责任", "信任",
        "长江", "浦江", "滨江", "每周", "一周", "本周", "上周", "下周",  "周边", "周围",
        "高龄", "物业经理", "居委主任", "社区书记",
    },
    key=len,
    reverse=True,
)  # fmt: skip
"""Common words that end as a surname begins, or that look like one before a title."""
_DIGITS = str.maketrans("零〇一二三四五六七八九幺壹贰叁肆伍陆柒捌玖", "001234567891123456789")

_NAMES = (
    re.compile(f"(?:{_SURNAMES})[^\\W\\d_A-Za-z{_NOT_IN_A_NAME}]{{0,2}}(?:{_OF_A_PERSON})"),
    re.compile(f"(?:{_SURNAMES})(?:{_OF_A_ROLE})"),
    re.compile(
        f"(?:我叫|名叫|叫做|姓名|联系人|户主)[:：\\s]*(?:{_SURNAMES})"
        f"[^\\W\\d_A-Za-z{_NOT_IN_A_NAME}]{{1,2}}(?![^\\W\\d_A-Za-z])"
    ),
    re.compile(r"\b(?:Mr|Mrs|Ms|Miss|Dr|Prof)\b\.?\s*[A-Z][\w'’-]+"),
    re.compile(r"\b[Mm]y name is\s+\w+"),
)
_DATES = re.compile(
    r"(?<!\d)(?:19|20)\d\d([-./])(?:0?[1-9]|1[0-2])\1(?:0?[1-9]|[12]\d|3[01])(?!\d)"
)
_NUMBER = re.compile(r"\d(?:[\s.·()+-]{0,2}\d){6,}[Xx]?")
_ADDRESSES = (
    re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)*"),
    re.compile(r"(?i)(?:微信号?|wechat|weixin|vx|QQ|抖音号?|小红书号?)\s*(?:id)?[:：\s]*[\w-]{5,}"),
    re.compile(r"(?i)https?://\S+|\bwww\.\S+"),
)
_HOMES = (
    re.compile(r"\d{1,4}\s*[室户](?!内|外|型)"),
    re.compile(r"\d{1,4}\s*(?:号楼|幢|栋|单元)\s*\d{2,4}(?!\d*\s*[米户人年路弄])"),
    re.compile(r"(?i)\b(?:room|flat|apartment|apt)\.?\s*#?\d+"),
)


def private(text: str) -> tuple[Private, ...]:
    """Return the pieces of a text that tell who somebody is, in order of the text's kinds."""
    return tuple(dict.fromkeys(_pieces(unicodedata.normalize("NFKC", text))))


def refuse_private(text: str) -> None:
    """Refuse a text that tells who somebody is.

    Raises
    ------
    InputError
        With the first such piece and why it may not stand there.
    """
    for piece in private(text):
        raise InputError("wish.private", piece=piece.text, why=t(f"wishes.private.{piece.what}"))


def _pieces(text: str) -> Iterator[Private]:
    plain = text
    for word in _MASKED:
        plain = plain.replace(word, "＿" * len(word))
    for pattern in _NAMES:
        for match in pattern.finditer(plain):
            yield Private(What.NAME, text[match.start() : match.end()])
    digits = _DATES.sub(lambda match: "_" * len(match[0]), text).translate(_DIGITS)
    for match in _NUMBER.finditer(digits):
        yield Private(What.NUMBER, text[match.start() : match.end()])
    for what, patterns in ((What.ADDRESS, _ADDRESSES), (What.HOME, _HOMES)):
        for pattern in patterns:
            for match in pattern.finditer(text):
                yield Private(what, match[0])
