"""Names: common surnames and given characters, names of minorities with a middle dot, a few rare characters.

The ten commonest surnames carry about two fifths of all people (Ministry of Public Security, name report 2020,
remembered); the others follow by rank. No name is taken from a real person.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from doudi.twin.plan import Array

SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾萧田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方"
    "白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤"
)
TWO_CHARACTER_SURNAMES = ("欧阳", "上官", "司马", "诸葛")
MEN = "伟强磊军勇杰涛明超刚平辉鹏华飞鑫波斌宇浩凯健俊帆帅旭宁龙林成志永国建文博海松峰贵福生德金子轩一诺思远"
WOMEN = "芳娜敏静丽艳娟霞秀燕玲桂英红梅兰凤洁琳雪婷慧莹倩颖佳欣怡洋然思雨诗涵梦琪一诺明秋春云爱珍玉香小"
RARE = "喆犇淼昶赟翀頔甦㛃䶮𬱖𬍛𠅤㑇"
UYGHUR = ("古丽·艾合买提", "阿卜杜热西提·买买提", "玛依拉·吐尔逊", "买买提·依明", "阿依古丽·卡德尔", "努尔兰·赛力克")
TIBETAN = ("次仁·多吉", "卓玛·央金", "扎西·平措", "达瓦·曲珍")
YI = ("阿木·尔布", "吉克·石一")
MINORITIES = (("维吾尔族", UYGHUR), ("藏族", TIBETAN), ("彝族", YI))
HAN = "汉族"


def surname_weights() -> Array:
    weights = 1 / (np.arange(len(SURNAMES) + len(TWO_CHARACTER_SURNAMES)) + 6.0)
    weights[len(SURNAMES) :] /= 8
    return np.asarray(weights / weights.sum())


def draw_surnames(rng: np.random.Generator, count: int) -> Array:
    """Surnames as places in the list."""
    weights = surname_weights()
    return rng.choice(len(weights), size=count, p=weights)


def han_names(rng: np.random.Generator, surname: Array, male: Array) -> pa.Array:
    """Surname and one or two given characters by sex; one name in a thousand holds a rare character."""
    count = len(surname)
    pools = pa.array([*MEN, *WOMEN, *RARE])
    first, second = _characters(rng, male), _characters(rng, male)
    rare = rng.random(count) < 0.001
    second = np.where(rare, len(MEN) + len(WOMEN) + rng.integers(0, len(RARE), count), second)
    blank = pa.array([""])
    choices = pa.concat_arrays([pools, blank])
    none = (rng.random(count) < 0.3) & ~rare
    second = np.where(none, len(pools), second)
    family = pa.array([*SURNAMES, *TWO_CHARACTER_SURNAMES]).take(pa.array(surname))
    return pc.binary_join_element_wise(family, choices.take(pa.array(first)), choices.take(pa.array(second)), "")


def minority_names(rng: np.random.Generator, kind: Array) -> tuple[pa.Array, pa.Array]:
    """(names, peoples) for places in MINORITIES."""
    names = [name for _, pool in MINORITIES for name in pool]
    starts = np.cumsum([0, *(len(pool) for _, pool in MINORITIES)])
    sizes = np.diff(starts)
    chosen = starts[kind] + (rng.random(len(kind)) * sizes[kind]).astype(np.int64)
    return pa.array(names).take(pa.array(chosen)), pa.array([people for people, _ in MINORITIES]).take(pa.array(kind))


def _characters(rng: np.random.Generator, male: Array) -> Array:
    men, women = rng.integers(0, len(MEN), len(male)), rng.integers(0, len(WOMEN), len(male))
    return np.where(male, men, len(MEN) + women)
