"""The statistics give the published results of their textbook examples."""

from __future__ import annotations

from math import isclose
from random import Random

import pytest

from staffel.engine.analysis.statistics import (
    Estimate,
    benjamini_hochberg,
    chi_squared_tail,
    common_horizon,
    holm,
    kaplan_meier,
    log_rank,
    mean_difference,
    quantile,
    shift,
    wilson,
)


def ended(*times: float) -> list[tuple[float, bool]]:
    return [(time, True) for time in times]


def still_open(*times: float) -> list[tuple[float, bool]]:
    return [(time, False) for time in times]


# Freireich et al. 1963, as in Gehan: Biometrika 52 (1965); weeks in remission of leukaemia patients.
DRUG = ended(6, 6, 6, 7, 10, 13, 16, 22, 23) + still_open(6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35)
PLACEBO = ended(1, 1, 2, 2, 3, 4, 4, 5, 5, 8, 8, 8, 8, 11, 11, 12, 12, 15, 17, 22, 23)
# Miller: Survival Analysis (1981), p. 49; R's survival::aml, whose documentation prints the figures below.
MAINTAINED = ended(9, 13, 18, 23, 31, 34, 48) + still_open(13, 28, 45, 161)
NOT_MAINTAINED = ended(5, 5, 8, 8, 12, 23, 27, 30, 33, 43, 45) + still_open(16)
# Hollander, Wolfe: Nonparametric Statistical Methods (1973), p. 69: permeability constants.
TERM = ended(0.80, 0.83, 1.89, 1.04, 1.45, 1.38, 1.91, 1.64, 0.73, 1.46)
EARLY = ended(1.15, 0.88, 0.90, 0.74, 1.21)


def test_kaplan_meier_gives_the_published_curve_of_the_leukaemia_trial():
    curve = kaplan_meier(DRUG)

    assert curve.times == (6, 7, 10, 13, 16, 22, 23)
    assert curve.at_risk == (21, 17, 15, 12, 11, 7, 6)
    published = (0.857, 0.807, 0.753, 0.690, 0.627, 0.538, 0.448)
    assert curve.survival == pytest.approx(published, abs=5e-4)


def test_the_band_is_the_log_log_band():
    curve = kaplan_meier(DRUG)

    # lifelines 0.30.3, KaplanMeierFitter
    assert curve.lower[:3] == pytest.approx((0.619718, 0.563147, 0.503200), abs=1e-6)
    assert curve.upper[:3] == pytest.approx((0.951552, 0.922809, 0.889362), abs=1e-6)


def test_medians_of_the_leukaemia_trial_are_23_and_8_weeks():
    drug, placebo = kaplan_meier(DRUG).quantile(0.5), kaplan_meier(PLACEBO).quantile(0.5)

    assert drug == Estimate(23, 13, None)
    assert placebo.value == 8


def test_the_median_of_an_even_number_of_finished_cases_lies_in_the_middle():
    assert kaplan_meier(ended(1, 2, 4, 9)).quantile(0.5).value == 3


def test_a_quantile_that_the_open_cases_hide_is_not_known():
    assert kaplan_meier(ended(1) + still_open(2, 2, 2)).quantile(0.5).value is None


def test_nothing_is_told_beyond_the_last_observation():
    curve = kaplan_meier(DRUG)

    assert curve.at(30).value == pytest.approx(0.448, abs=5e-4)
    assert curve.at(36) == Estimate(None, None, None)
    assert kaplan_meier(PLACEBO).at(36).value == 0


def test_restricted_means_agree_with_r():
    # R: print(survfit(Surv(time, status) ~ x, data = aml), rmean = 161)
    maintained, other = (kaplan_meier(group).mean_until(161) for group in (MAINTAINED, NOT_MAINTAINED))

    assert maintained.value == pytest.approx(52.65, abs=0.005)
    assert (maintained.upper - maintained.value) / 1.959964 == pytest.approx(19.83, abs=0.005)
    assert other.value == pytest.approx(22.71, abs=0.005)
    assert (other.upper - other.value) / 1.959964 == pytest.approx(4.18, abs=0.005)


def test_without_open_cases_the_restricted_mean_is_the_mean_with_its_error():
    times = [Random(seed).lognormvariate(3, 0.6) for seed in range(40)]
    mean = sum(times) / 40
    error = (sum((time - mean) ** 2 for time in times) / 40 / 40) ** 0.5

    estimate = kaplan_meier(ended(*times)).mean_until(10_000)

    assert estimate.value == pytest.approx(mean)
    assert estimate.upper - mean == pytest.approx(1.959964 * error, rel=1e-6)


def test_restricted_means_reach_no_further_than_the_shortest_follow_up():
    curves = [kaplan_meier(DRUG), kaplan_meier(PLACEBO)]

    assert common_horizon(curves, 52) == 35
    assert common_horizon(curves, 20) == 20
    difference, p_value = mean_difference(*curves, 35)
    assert difference.lower > 0
    assert p_value < 0.001


def test_log_rank_gives_the_published_test_of_the_leukaemia_trial():
    result = log_rank([DRUG, PLACEBO])

    assert result.observed == (9, 21)
    assert result.expected == pytest.approx((19.25, 10.75), abs=0.005)
    assert result.statistic == pytest.approx(16.793, abs=5e-4)
    assert result.p_value == pytest.approx(4.17e-5, rel=1e-3)


def test_log_rank_agrees_with_r_on_aml():
    result = log_rank([MAINTAINED, NOT_MAINTAINED])

    assert result.statistic == pytest.approx(3.396, abs=5e-4)
    assert result.p_value == pytest.approx(0.0653, abs=5e-5)


def test_log_rank_of_three_groups_agrees_with_lifelines():
    result = log_rank([DRUG, PLACEBO, MAINTAINED])

    # lifelines 0.30.3, multivariate_logrank_test
    assert result.degrees == 2
    assert result.statistic == pytest.approx(28.552692, abs=1e-6)
    assert result.p_value == pytest.approx(6.307565e-07, rel=1e-5)


def test_log_rank_leaves_out_groups_without_cases():
    assert log_rank([DRUG, [], PLACEBO]).statistic == pytest.approx(16.793, abs=5e-4)
    assert log_rank([DRUG]).p_value == 1
    assert log_rank([]).p_value == 1


def test_log_rank_of_groups_never_at_risk_together_does_not_fail():
    assert log_rank([still_open(1, 2), ended(5, 6)]).p_value == 1


def test_shift_gives_the_published_hodges_lehmann_estimate_and_interval():
    result = shift(TERM, EARLY)

    assert result.shift.value == pytest.approx(0.305, abs=1e-4)
    assert result.shift.lower == pytest.approx(-0.15, abs=1e-4)
    assert result.shift.upper == pytest.approx(0.76, abs=1e-4)
    assert result.delta == pytest.approx((35 - 15) / 50)
    # scipy 1.17, mannwhitneyu(method="asymptotic", use_continuity=False)
    assert result.p_value == pytest.approx(0.22067136, abs=1e-8)


def test_shift_is_the_median_of_all_differences():
    random = Random(7)
    first = [random.lognormvariate(4, 0.7) for _ in range(37)]
    second = [random.lognormvariate(4.3, 0.7) for _ in range(24)]

    differences = sorted(one - two for one in first for two in second)

    assert shift(ended(*first), ended(*second)).shift.value == pytest.approx(
        quantile(differences, 0.5), abs=1e-3
    )


def test_shift_with_open_cases_is_gehans_test():
    result = shift(DRUG, PLACEBO)

    # Gehan 1965: W = 271, z = 3.6
    assert round(result.delta * 21 * 21) == 271
    assert result.p_value == pytest.approx(0.00031, abs=2e-5)
    assert result.shift.lower > 0


def test_shift_turns_its_sign_with_the_groups():
    one, two = shift(DRUG, PLACEBO), shift(PLACEBO, DRUG)

    assert isclose(one.shift.value, -two.shift.value, abs_tol=1e-3)
    assert one.delta == -two.delta
    assert one.p_value == pytest.approx(two.p_value)


def test_shift_of_groups_where_nothing_ended_is_not_known():
    result = shift(still_open(1, 2, 3), still_open(2, 3, 4))

    assert result.shift == Estimate(None, None, None)
    assert result.p_value == 1


def test_holm_and_benjamini_hochberg_agree_with_r():
    p_values = (0.01, 0.02, 0.03, 0.04, 0.05)

    # R 4, function p.adjust with the methods holm and BH
    assert holm(p_values) == pytest.approx((0.05, 0.08, 0.09, 0.09, 0.09))
    assert benjamini_hochberg(p_values) == pytest.approx((0.05,) * 5)
    assert holm((0.04, 0.01)) == pytest.approx((0.04, 0.02))
    assert holm(()) == ()


def test_quantiles_are_of_type_7():
    # R 4, function quantile
    assert quantile([1, 2, 3, 4, 10], 0.25) == 2
    assert quantile([1, 2, 3, 4, 10], 0.9) == pytest.approx(7.6)


def test_wilson_interval_agrees_with_the_published_example():
    # Newcombe: Statist. Med. 17 (1998), 857-872, example (a) 81/263
    assert wilson(81, 263) == pytest.approx((0.2553, 0.3662), abs=5e-5)


@pytest.mark.parametrize(
    ("value", "degrees", "tail"),
    [
        (3.84, 1, 0.05004352),
        (5.99, 2, 0.05003663),
        (25, 10, 0.005345505),
        (0.5, 3, 0.9188914),
        (60, 11, 9.27216e-09),
    ],
)
def test_chi_squared_agrees_with_scipy(value: float, degrees: int, tail: float):
    assert chi_squared_tail(value, degrees) == pytest.approx(tail, rel=1e-6)
