"""Every line of the semantics has tests: the lines of the page, and the tests that hold the engine to each."""

from __future__ import annotations

import re
from pathlib import Path

HERE = Path(__file__).parent
LINES: dict[str, tuple[str, ...]] = {
    "values": (
        "test_logic.py::test_a_fact_left_out_is_as_unknown_as_one_said_to_be",
        "test_missing.py::test_it_names_the_person_and_why",
    ),
    "and or not": ("test_logic.py::test_and_or_not_are_those_of_kleene_for_every_combination",),
    "comparison, arithmetic": (
        "test_logic.py::test_a_comparison_with_an_unknown_side_is_unknown",
        "test_logic.py::test_arithmetic_with_an_unknown_side_is_unknown",
    ),
    "case": (
        "test_logic.py::test_a_case_takes_the_first_true_condition_in_order",
        "test_logic.py::test_a_case_does_not_look_past_its_true_condition_at_an_unknown_one",
    ),
    "coalesce": ("test_logic.py::test_coalesce_is_the_only_thing_that_makes_unknown_known",),
    "least greatest": ("test_logic.py::test_least_and_greatest_are_unknown_if_any_is",),
    "aggregates over members": ("test_aggregates.py::test_aggregates_over_members_for_every_mixture_of_two_people",),
    "aggregates over records": (
        "test_aggregates.py::test_aggregates_over_records",
        "test_aggregates.py::test_records_are_filtered_by_their_person_and_counted_once_per_key",
        "test_aggregates.py::test_aggregates_may_stand_inside_aggregates",
    ),
    "nobody": (
        "test_aggregates.py::test_over_nobody_sums_are_zero_any_is_false_all_is_true_and_min_max_are_unknown",
    ),
    "known_exceeds": (
        "test_aggregates.py::test_known_exceeds_is_true_on_the_known_part_alone",
        "test_bad_formulas.py::test_a_bad_formula_is_refused_where_it_is_bad",
    ),
    "division": (
        "test_bad_formulas.py::test_divisors_that_are_proved_not_zero_are_accepted",
        "test_bad_formulas.py::test_a_bad_formula_is_refused_where_it_is_bad",
    ),
    "numbers": (
        "test_numbers.py::test_a_tenth_is_a_tenth",
        "test_numbers.py::test_a_quotient_has_ten_decimals_rounded_half_away_from_zero",
        "test_numbers.py::test_nothing_is_rounded_unless_a_rule_says_so",
        "test_numbers.py::test_overflow_is_an_error_of_its_row_and_never_of_the_run",
    ),
    "dates": (
        "test_dates.py::test_a_birthday_counts_on_the_day_and_29_february_on_1_march",
        "test_dates.py::test_a_month_is_full_when_its_day_number_is_reached",
        "test_dates.py::test_as_of_is_the_day_of_the_case_and_may_stand_in_a_where",
    ),
    "units": (
        "test_numbers.py::test_months_and_years_are_converted_by_twelve_only_when_asked",
        "test_bad_formulas.py::test_a_bad_formula_is_refused_where_it_is_bad",
    ),
    "text": (
        "test_logic.py::test_in_a_list_is_unknown_for_an_unknown_code",
        "test_entities.py::test_a_code_outside_its_list_is_refused_with_the_nearest",
    ),
    "entities": (
        "test_entities.py::test_a_person_reads_its_household_and_the_household_its_members",
        "test_entities.py::test_the_head_is_read_though_uncounted_and_unknown_where_nobody_knows_who",
        "test_entities.py::test_area_at_is_the_area_above_and_unknown_below_what_is_known",
        "test_entities.py::test_obligors_are_a_relation_of_each_member_to_other_people_and_what_their_households_have",
    ),
    "facts from records": (
        "test_entities.py::test_a_window_is_the_twelve_months_before_the_month_of_as_of",
        "test_entities.py::test_no_rows_is_none_where_the_feed_says_so_and_unknown_where_it_does_not",
        "test_entities.py::test_an_unanswered_feed_makes_every_fact_of_it_unknown",
    ),
    "discretion": ("test_entities.py::test_discretion_is_unknown_until_a_person_has_chosen",),
    "requires": (
        "test_programmes.py::test_a_requirement_goes_before_everything_even_before_a_refusal",
        "test_programmes.py::test_requirements_are_named_in_their_order",
    ),
    "programme": (
        "test_programmes.py::test_a_programme_by_person_holds_for_a_household_of_a_holder_and_pays_each_holder",
        "test_programmes.py::test_a_place_may_recognise_by_household_what_the_nation_recognises_by_person",
    ),
    "chain": (
        "test_programmes.py::test_a_chain_stops_at_the_first_eligible_or_undetermined_programme",
        "test_programmes.py::test_an_undetermined_programme_lets_pass_when_only_the_named_facts_are_missing",
        "test_programmes.py::test_a_rule_may_read_another_programmes_outcome",
    ),
    "case without else": ("test_bad_formulas.py::test_a_bad_formula_is_refused_where_it_is_bad",),
    "not applicable": (
        "test_programmes.py::test_what_does_not_apply_is_blank",
        "test_bad_files.py::test_what_does_not_apply_must_be_excluded_where_it_is_used",
    ),
    "outcome": ("test_programmes.py::test_a_chain_stops_at_the_first_eligible_or_undetermined_programme",),
    "missing": (
        "test_missing.py::test_by_brute_force_it_is_enough_for_every_answer_and_nothing_in_it_can_be_spared",
        "test_missing.py::test_what_is_missing_is_asked_in_the_order_of_the_rule",
        "test_missing_ranges.py::test_what_is_asked_is_enough_whatever_is_answered",
        "test_missing_ranges.py::test_where_limits_decide_nothing_that_is_asked_can_be_spared",
    ),
    "text of rules": (
        "test_bad_formulas.py::test_a_bad_formula_is_refused_where_it_is_bad",
        "test_bad_files.py::test_a_bad_file_is_refused_where_it_is_bad",
        "test_strict_yaml.py::test_a_scalar_is_the_text_that_is_written",
        "test_no_text_in_sql.py::test_every_text_in_the_statements_is_a_declared_code_a_day_or_an_area",
    ),
    "two renderings": (
        "test_renderings_agree.py::test_every_cell_of_random_households_is_the_same_under_the_shipped_rules",
        "test_renderings_agree.py::test_every_cell_of_random_households_is_the_same_under_rules_that_use_every_function",
    ),
}  # fmt: skip


def test_every_line_is_held_by_tests_that_exist() -> None:
    for line, tests in LINES.items():
        assert tests, line
        for test in tests:
            file, _, name = test.partition("::")
            assert re.search(rf"^def {name}\(", (HERE / file).read_text(encoding="utf-8"), re.MULTILINE), test
