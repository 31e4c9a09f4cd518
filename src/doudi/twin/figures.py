"""Published statistics the county is calibrated to, each with its source. Nothing is computed here.

Marks as in the policy digest: *verified* (an official text or press conference was read), *remembered* (well known, the
text was not at hand), *synthetic* (a weight of our own, no claim about the world).
"""

from __future__ import annotations

HOUSEHOLD_SIZES = (0.254, 0.297, 0.210, 0.132, 0.062, 0.031, 0.009, 0.005)
"""Share of households of 1, 2, … 8 people. Seventh census 2020: mean 2.62 (communiqué No. 2, verified); 1 to 4 people
25.4, 29.7, 21.0, 13.2 % (census tables, remembered); the rest spread after the sixth census's 5, 6, 7+ (2010)."""
MEAN_HOUSEHOLD = 2.62

SHARE_0_14, SHARE_60_UP = 0.1795, 0.1870
"""Seventh census 2020, communiqué No. 5 (remembered): 17.95 % under 15, 18.70 % 60 and over, 13.50 % 65 and over."""
SEX_RATIO = 105.07
"""Men to 100 women, seventh census 2020, communiqué No. 4 (remembered)."""
SEX_RATIO_AT_BIRTH = 111.3
"""Boys to 100 girls born, seventh census 2020 (remembered)."""

URBAN_SHARE = 0.42
"""Synthetic: a county with its seat; the nation's 63.89 % (2020) counts cities."""
MINORITY_SHARE = 0.03
"""Synthetic; nationwide 8.89 % (seventh census, communiqué No. 2, remembered)."""

INCOME_QUINTILES = (9542, 21608, 33925, 53359, 98809)
"""Disposable income a head of the five income groups, yuan, 2024 (National Bureau of Statistics, remembered)."""
GINI = 0.465
"""Gini coefficient of disposable income a head, 2022 and 2023 (National Bureau of Statistics, remembered)."""
WAGE_SHARE = 0.565
"""Share of wages in disposable income, 2024 (National Bureau of Statistics, verified)."""

CARD_SHARE = 0.0268
"""Holders of a disability certificate: 37.807 of 1411.78 million (Disabled Persons' Federation, 2020, remembered)."""
DISABILITY_CATEGORIES = {"视力": 1263, "听力": 2054, "言语": 130, "肢体": 2472, "智力": 568, "精神": 629, "多重": 1386}
"""Disabled people by category, ten thousand (Disabled Persons' Federation, about 85 million in all, verified)."""
SEVERE_SHARE = 2518 / (2518 + 5984)
"""Grades one and two: 25.18 million severe to 59.84 million moderate and light (same source, verified)."""

DEATHS_PER_1000 = 7.87
"""Deaths a year to 1000 people, 2023 (National Bureau of Statistics, remembered)."""
IN_CUSTODY_SHARE = 0.0012
"""Prisoners and people in compulsory drug treatment, about 1.7 million (remembered, rounded)."""

DIBAO_SHARE = 0.029
"""Dibao recipients in the population, 2023: 40.63 of 1409.67 million (minister's briefing, verified)."""
DIBAO_HOUSEHOLD_SIZE = 1.75
"""People in a Dibao household: 1.70 to 1.83 urban, 1.74 to 1.80 rural, 2014 to 2017 (ministry statistics, verified)."""

CARS_PER_HOUSEHOLD = 0.497
"""Family cars to one household, 2023 (National Bureau of Statistics, remembered)."""
UPPER_SECONDARY_SHARE, TERTIARY_SHARE = 0.918, 0.602
"""Gross enrolment, upper secondary and tertiary, 2023 (Ministry of Education, remembered)."""
EMPLOYEE_PENSION_SHARE = {True: 0.55, False: 0.08}
"""Synthetic: people over 60 with an employees' pension, urban and rural."""
NOT_ANSWERED_SHARE = 0.03
"""Synthetic: people about whom the banks have not answered."""
ILLNESS_AS_CAUSE = 0.441
"""Poor families whose poverty comes from illness (2016 review of registered poor households, verified)."""
