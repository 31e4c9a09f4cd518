# ruff: noqa: E501  (tables of writings and files)
"""Dirt that a clerk would call harmless is read through; what is wrong in one row stays that row's affair."""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Callable
from decimal import Decimal

from doudi.sources.queries import feeds
from tests.sources.conftest import ANNA, BERT, CARL, Read

Text = Callable[..., Read]
WAGES, WAGE_HEADER = "shuiwu_gongzi", "所属期|证件号码|姓名|扣缴义务人|收入额"
BANK, BANK_HEADER = "yinhang_jinrong", "证件号码,截止日,存款余额,理财余额"
PENSION_HEADER = "身份证号,姓名,险种,月待遇(元),其中基础养老金(元),最近发放月,状态"
HUKOU_HEADER = "户号,姓名,公民身份号码,性别,民族,出生日期,与户主关系,户口性质,地址区划,状态,状态日期"
VEHICLE_HEADER = ["车主证号", "车主姓名", "号牌号码", "车辆类型", "初次登记日期", "状态", "新车购置价(万元)"]
WRONG = ANNA[:17] + ("1" if ANNA[17] != "1" else "2")


def wage(person: str, amount: str = "100.00", month: str = "202507") -> str:
    return f"{month}|{person}|甲|某厂|{amount}"


def hukou(person: str, name: str = "甲", born: str = "19800101", state: str = "正常") -> str:
    return f"YX1,{name},{person},男,汉族,{born},户主,农村,990101001001,{state},"


def test_line_ends_and_blank_lines_do_not_matter(text: Text) -> None:
    body = "\r\n".join([WAGE_HEADER, "", wage(ANNA), "   ", "||||", wage(BERT), "", ""]) + "\r\n"
    assert text(WAGES, body.encode()).of("amount") == [Decimal("100.00")] * 2
    assert text(WAGES, body.replace("\r\n", "\r").encode()).outcome.accepted == 2
    assert text(WAGES, (body + "\x1a").encode()).outcome.accepted == 2


def test_byte_order_marks_do_not_matter_wherever_they_are(text: Text) -> None:
    body = f"{WAGE_HEADER}\n\ufeff{wage(ANNA)}\n{wage(BERT)}\n"
    for mark in ("", "\ufeff", "\ufeff\ufeff"):
        assert text(WAGES, (mark + body).encode()).outcome.accepted == 2


def test_a_mark_says_the_text_is_utf8_even_where_gb18030_was_agreed(text: Text) -> None:
    body = f"{HUKOU_HEADER}\n{hukou(ANNA)}\n"
    assert text("gongan_huji", body.encode("gb18030")).outcome.encoding == "gb18030"
    assert text("gongan_huji", b"\xef\xbb\xbf" + body.encode()).outcome.encoding == "utf-8"
    assert text("gongan_huji", b"\xef\xbb\xbf" + body.encode("gb18030")).outcome.accepted == 1


def test_rare_characters_of_gb18030_are_read(text: Text) -> None:
    read = text("gongan_huji", HUKOU_HEADER, hukou(ANNA, name="𠅤㛃"), encoding="gb18030")
    assert read.outcome.accepted == 1


def test_titles_above_blank_columns_and_another_order_of_columns(text: Text) -> None:
    read = text(
        BANK,
        "银行余额汇总表,,,,,",
        "截止日期：2026-06-30,,,,,",
        "理财余额,,证件号码,存款余额,截止日,",
        f'0.00,,{ANNA},"1,200.50",20260630,',
    )
    assert read.of("deposits") == [Decimal("1200.50")]
    assert read.of("wealth_products") == [Decimal("0.00")]
    assert read.outcome.cutoff == "2026-06-30"


def test_headers_with_blanks_widths_stars_and_counters(text: Text) -> None:
    read = text(
        "renshe_yanglao",
        "序号,*身份证 号,姓  名,险种,月待遇（元）,其中基础养老金（元）,最近发放月：,状态",
        f"1,{ANNA},甲,城乡居民,301.52,143.00,2026-06,在发",
    )
    assert read.of("amount") == [Decimal("301.52")]


def test_what_stands_in_brackets_behind_a_header(text: Text) -> None:
    read = text(BANK, "证件号码(18位),截止日（年月日）,存款余额/元,理财余额[单位：万元]", f"{ANNA},20260630,1.00,2")
    assert (read.of("deposits"), read.of("wealth_products")) == ([Decimal("1.00")], [Decimal("20000.00")])
    assert text(BANK, "证件号码,截止日,存款余额(税后),理财余额", f"{ANNA},20260630,1.00,2").code == "header.unknown"


def test_a_unit_in_the_header_goes_before_the_agreed_one(book: Callable[..., Read]) -> None:
    row = [ANNA, "甲", "云A1", "小型轿车", "2017-03-02", "正常", 123000]
    header = [*VEHICLE_HEADER[:-1], "新车购置价(元)"]
    assert book("gongan_cheliang", [header, row]).of("purchase_price") == [Decimal("123000.00")]
    row[-1] = 12.3
    assert book("gongan_cheliang", [VEHICLE_HEADER, row]).of("purchase_price") == [Decimal("123000.00")]


def test_several_totals_repeated_headers_and_footers_are_left_out(book: Callable[..., Read]) -> None:
    row = [ANNA, "甲", "云A1", "小型轿车", datetime.date(2017, 3, 2), "正常", 12.3]
    other = [ANNA, "甲", "云A2", *row[3:]]
    rows = [
        ["云溪县机动车登记信息交换表"], ["截止日期：2026-06-30  单位：万元"], VEHICLE_HEADER, row, ["小计", 1], VEHICLE_HEADER, other,
        ["本页合计", 1], ["合 计", 2, None, None, None, None, 24.6], ["总计：", 2], [None, "合计", None, None, None, None, 24.6],
        ["制表人：甲", None, None, "审核人：乙"], ["注：以上数据仅供核对使用"], [],
    ]  # fmt: skip
    read = book("gongan_cheliang", rows)
    assert (read.outcome.rows, read.outcome.accepted, read.outcome.quarantined) == (2, 2, 0)
    assert read.outcome.left_out == 8
    assert read.outcome.problem_counts == {"row.note": 2}


def test_excel_dates_serial_numbers_and_floats(book: Callable[..., Read]) -> None:
    rows = [
        [ANNA, "甲", "云A1", "小型轿车", datetime.date(2017, 3, 2), "正常", 12.3],
        [ANNA, "甲", "云A2", "小型轿车", 42796, "正常", 5.8],
        [ANNA, "甲", "云A3", "小型轿车", 20170302, "正常", None],
    ]
    read = book("gongan_cheliang", [VEHICLE_HEADER, *rows])
    assert read.of("registered_on") == [datetime.date(2017, 3, 2)] * 3
    assert read.of("purchase_price") == [Decimal("123000.00"), Decimal("58000.00"), None]


def test_merged_headers_are_paths(book: Callable[..., Read]) -> None:
    rows = [
        ["云溪县最低生活保障家庭台账（2026年6月）"],
        ["户主", None, "家庭", None, "成员", "保障", None, None],
        ["姓名", "证号", "人口", "区划", "姓名及证号", "人数", "月金额(元)", "起始年月"],
        ["甲一", ANNA, 2, "990101101201", f"甲一{ANNA}；乙二{BERT}", 2, 315, "2025年9月"],
    ]
    read = book("minzheng_dibao_taizhang", rows)
    assert read.of("amount") == [Decimal("315.00")]
    assert read.of("since") == [datetime.date(2025, 9, 1)]
    assert read.of("area") == ["990101101201"]
    assert read.outcome.has_people
    assert "covered_members" not in read.rows[0]


def test_a_wrong_number_sets_its_row_aside_and_an_empty_one_waits(text: Text) -> None:
    read = text(WAGES, WAGE_HEADER, wage(ANNA), wage(WRONG), wage("-"), wage(ANNA[:17]))
    assert (read.outcome.accepted, read.outcome.quarantined, read.outcome.waiting) == (1, 2, 1)
    assert read.codes == [(3, "row.number_check"), (4, "row.number_empty"), (5, "row.number_length")]
    assert read.outcome.problems[0]["cell"] == "B3"


def test_an_unreadable_amount_or_month_sets_the_row_aside(text: Text) -> None:
    read = text(WAGES, WAGE_HEADER, wage(ANNA, "约二百"), wage(BERT, month="去年"), wage(CARL), wage(CARL, ""))
    assert read.codes == [(2, "row.money"), (3, "row.month"), (5, "row.required")]
    assert read.outcome.accepted == 1


def test_a_row_with_a_cell_too_many_is_set_aside_and_one_without_its_last_optional_cells_is_not(text: Text) -> None:
    read = text(
        BANK,
        BANK_HEADER,
        f"{ANNA},2026-06-30,1,234.56,0.00",
        f"{BERT},2026-06-30,1.00,2.00,,",
        f"{CARL},2026-06-30,1.00",
    )
    assert read.codes == [(2, "row.width"), (4, "row.width")]
    assert read.outcome.accepted == 1
    short = text("gongan_huji", HUKOU_HEADER, hukou(ANNA).rstrip(","), encoding="gb18030")
    assert short.outcome.accepted == 1


def test_blank_cells_beyond_the_header_say_nothing(text: Text) -> None:
    read = text(BANK, BANK_HEADER, f"{ANNA},2026-06-30,1.00,2.00,,", f"{WRONG},2026-06-30,1.00,2.00,, ,")
    assert read.codes == [(3, "row.number_check")]
    assert read.outcome.accepted == 1


def test_quoted_cells_with_newlines_keep_the_senders_row_numbers(text: Text) -> None:
    read = text(WAGES, WAGE_HEADER, f'202507|{ANNA}|甲|"某厂\n二分厂"|100', wage(WRONG))
    assert read.rows[0]["payer"] == "某厂\n二分厂"
    assert read.codes == [(4, "row.number_check")]


def test_another_delimiter_is_found(text: Text) -> None:
    read = text(WAGES, WAGE_HEADER.replace("|", "\t"), wage(ANNA).replace("|", "\t"))
    assert (read.outcome.accepted, read.outcome.delimiter) == (1, "\t")


def test_identical_rows_are_one_even_if_written_otherwise(text: Text) -> None:
    lines = [hukou(ANNA, "甲 一"), hukou(f" {ANNA}", "甲一", "1980-01-01"), hukou(ANNA, "甲一", state="迁出")]
    read = text("gongan_huji", HUKOU_HEADER, *lines, encoding="gb18030")
    assert (read.outcome.rows, read.outcome.accepted, read.outcome.duplicates) == (3, 2, 1)


def test_rows_of_one_key_that_disagree_are_all_set_aside(text: Text) -> None:
    header = "结算流水号,证件号码,姓名,就诊日期,类别,病种,总费用,统筹支付,大病支付,医疗救助支付,个人自付"
    same = f"JS1,{ANNA},甲,2026-01-02,住院,,10,0,0,0,10"
    lines = [same, same, f"JS2,{ANNA},甲,2026-01-02,住院,,10,0,0,0,10", f"JS2,{ANNA},甲,2026-01-02,住院,,10,0,0,0,9"]
    read = text("yibao_jiesuan", header, *lines, f"JS3,{ANNA},甲,2026-01-02,住院,,-10,0,0,0,-10")
    assert read.codes == [(4, "row.conflicting"), (5, "row.conflicting")]
    assert (read.outcome.accepted, read.outcome.duplicates, read.outcome.quarantined) == (2, 1, 2)
    assert read.of("serial_no") == ["JS1", "JS3"]


def test_wages_that_look_alike_are_all_kept(text: Text) -> None:
    assert text(WAGES, WAGE_HEADER, wage(ANNA), wage(ANNA)).outcome.accepted == 2


def test_a_part_of_a_column_is_a_column_of_its_own(text: Text) -> None:
    agreed = feeds()[WAGES]
    part = dataclasses.replace(
        agreed.columns[3],
        name="branch",
        headers=(),
        part_of="payer",
        pattern=r"\((.+)\)",
        label={"zh": "分部", "en": "b"},
    )
    feed = dataclasses.replace(agreed, columns=(*agreed.columns, part))
    read = text(feed, WAGE_HEADER, f"202507|{ANNA}|甲|某厂（东区）|100")
    assert read.of("branch") == ["东区"]


def test_data_in_a_column_without_header_is_said_and_not_read(text: Text) -> None:
    read = text(BANK, "证件号码,截止日,,存款余额,理财余额", f"{ANNA},2026-06-30,备注,1.00,2.00")
    assert read.outcome.accepted == 1
    assert read.outcome.problem_counts == {"header.unnamed": 1}


def test_no_name_and_no_number_of_a_person_gets_into_the_lake(text: Text) -> None:
    read = text("gongan_huji", HUKOU_HEADER, hukou(ANNA, "甲一"), encoding="gb18030")
    assert not {"person_number", "person_name"} & set(read.rows[0])
    assert "甲一" not in read.rows[0].values()


def test_what_is_covered_is_measured_where_the_feed_says_so(text: Text) -> None:
    read = text(WAGES, WAGE_HEADER, wage(ANNA, month="2025年7月"), wage(ANNA, month="2026-06"))
    assert (read.outcome.measured_from, read.outcome.measured_to) == ("2025-07-01", "2026-06-01")


def test_checks_warn_set_aside_or_stop(text: Text) -> None:
    late = text("weijian_siwang", "证件号码,姓名,死亡日期", f"{ANNA},甲,2026.07.15", cutoff=datetime.date(2026, 6, 30))
    assert late.outcome.accepted == 1
    assert late.codes == [(2, "check.not_in_the_future")]
    turned = text("sifa_zaiya", "证件号码,姓名,类型,起始日,终止日", f"{ANNA},甲,服刑,2026-06-03,2025-06-03")
    assert turned.codes == [(2, "check.ends_after_it_begins")]
    assert turned.outcome.quarantined == 1
    assert text("weijian_siwang", "证件号码,姓名,死亡日期").code == "check.has_rows"
