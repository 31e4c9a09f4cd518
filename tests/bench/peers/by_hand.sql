-- The chain of the fictional county 990101 as a person would write it for DuckDB: one statement, the same three values,
-- exact whole numbers (hundredths, thousandths, 10^-10), the same columns as `doudi screen`. {snapshot} {day} {first} {last}
WITH
day AS (SELECT DATE '{day}' AS today, date_trunc('month', DATE '{day}')::DATE AS until,
               (date_trunc('month', DATE '{day}') - INTERVAL 12 MONTH)::DATE AS since),
wages AS (
  SELECT person_row, coalesce(sum(CASE WHEN month >= since AND month < until THEN amount END), 0) AS total,
         bool_or(month IS NULL OR (month >= since AND month < until AND amount IS NULL)) AS doubt
  FROM read_parquet('{snapshot}/wage.parquet'), day WHERE household_row BETWEEN {first} AND {last} GROUP BY person_row),
farm AS (
  SELECT person_row, coalesce(sum(CASE WHEN paid_on >= since AND paid_on < until THEN amount END), 0) AS total,
         bool_or(paid_on IS NULL OR (paid_on >= since AND paid_on < until AND amount IS NULL)) AS doubt
  FROM read_parquet('{snapshot}/farm_subsidy.parquet'), day WHERE household_row BETWEEN {first} AND {last} GROUP BY person_row),
bills AS (
  SELECT person_row, coalesce(sum(CASE WHEN inside THEN out_of_pocket END), 0) AS total,
         bool_or(inside IS NULL OR (inside AND out_of_pocket IS NULL)) AS doubt,
         coalesce(sum(CASE WHEN inside AND kind = '住院' THEN out_of_pocket END), 0) AS inpatient,
         bool_or((inside AND kind = '住院') IS NULL OR (inside AND kind = '住院' AND out_of_pocket IS NULL)) AS inpatient_doubt
  FROM (SELECT *, visited_on >= since AND visited_on < until AS inside
        FROM read_parquet('{snapshot}/settlement.parquet'), day WHERE household_row BETWEEN {first} AND {last})
  GROUP BY person_row),
pensions AS (
  SELECT person_row,
         coalesce(sum(CASE WHEN state = '在发' THEN counts END), 0) AS total,
         bool_or(state IS NULL OR (state = '在发' AND counts IS NULL)) AS doubt
  FROM (SELECT person_row, state,
               CASE WHEN scheme IS NULL THEN NULL WHEN scheme = '城乡居民' THEN amount - basic_amount ELSE amount END AS counts
        FROM read_parquet('{snapshot}/pension.parquet') WHERE household_row BETWEEN {first} AND {last})
  GROUP BY person_row),
bank AS (
  SELECT person_row, coalesce(sum(deposits + wealth_products), 0) AS total,
         bool_or(deposits IS NULL OR wealth_products IS NULL) AS doubt
  FROM read_parquet('{snapshot}/bank_balance.parquet') WHERE household_row BETWEEN {first} AND {last} GROUP BY person_row),
disabled AS (
  SELECT person_row, bool_or(severe) AS severe, bool_or(severe IS NULL) AS severe_doubt,
         bool_or(excludes) AS excludes, bool_or(excludes IS NULL) AS excludes_doubt
  FROM (SELECT person_row, state = '有效' AND grade IN ('一级', '二级') AS severe,
               state = '有效' AND ((category IN ('智力', '精神') AND grade IN ('一级', '二级', '三级'))
                 OR (category = '肢体' AND grade IN ('一级', '二级')) OR (category = '视力' AND grade = '一级')) AS excludes
        FROM read_parquet('{snapshot}/disability.parquet') WHERE household_row BETWEEN {first} AND {last})
  GROUP BY person_row),
died AS (SELECT DISTINCT person_row FROM read_parquet('{snapshot}/death.parquet')
         WHERE household_row BETWEEN {first} AND {last}),
register AS (
  SELECT person_row, bool_or(state = '注销-死亡') AS dead, bool_or(state IS NULL) AS doubt
  FROM read_parquet('{snapshot}/hukou.parquet') WHERE household_row BETWEEN {first} AND {last} GROUP BY person_row),
held AS (
  SELECT person_row, bool_or(inside) AS inside, bool_or(inside IS NULL) AS doubt
  FROM (SELECT person_row, kind IN ('服刑', '强制隔离戒毒') AND from_on <= today AND today <= coalesce(to_on, today) AS inside
        FROM read_parquet('{snapshot}/custody.parquet'), day WHERE household_row BETWEEN {first} AND {last})
  GROUP BY person_row),
cars AS (
  SELECT person_row, count(*) FILTER (car) AS number, count(*) FILTER (car IS NOT FALSE) AS perhaps
  FROM (SELECT person_row, state = '正常' AND type = '小型轿车' AS car FROM read_parquet('{snapshot}/vehicle.parquet')
        WHERE household_row BETWEEN {first} AND {last})
  GROUP BY person_row),
firms AS (
  SELECT person_row, bool_or(excluded) AS excluded, bool_or(excluded IS NULL) AS doubt
  FROM (SELECT person_row, (state = '存续' AND type IN ('有限责任公司', '股份有限公司'))
               OR (state = '存续' AND type IN ('个体工商户', '农民专业合作社') AND registered_capital > 100000) AS excluded
        FROM read_parquet('{snapshot}/business.parquet') WHERE household_row BETWEEN {first} AND {last})
  GROUP BY person_row),
homes AS (
  SELECT household_row, head_row, household_id, area,
         (declared_other_income * 1000)::BIGINT AS other, (education_spending * 100)::BIGINT AS education, obligor_status
  FROM read_parquet('{snapshot}/households.parquet') WHERE household_row BETWEEN {first} AND {last}),
people AS MATERIALIZED (
  SELECT p.person_row, p.household_row, coalesce(p.member, TRUE) AS member, p.hukou_type, p.is_authorised,
         (year(today) - year(born_on) - CASE WHEN (month(today), day(today)) < (month(born_on), day(born_on)) THEN 1 ELSE 0 END) AS age,
         CASE WHEN wage__why IS NOT NULL OR w.doubt THEN NULL ELSE (coalesce(w.total, 0) * 100)::BIGINT END AS wage,
         CASE WHEN farm_subsidy__why IS NOT NULL OR f.doubt THEN NULL ELSE (coalesce(f.total, 0) * 1000)::BIGINT END AS farm,
         CASE WHEN settlement__why IS NOT NULL OR b.doubt THEN NULL ELSE (coalesce(b.total, 0) * 100)::BIGINT END AS bills,
         CASE WHEN settlement__why IS NOT NULL OR b.inpatient_doubt THEN NULL
              ELSE (coalesce(b.inpatient, 0) * 100)::BIGINT END AS inpatient,
         CASE WHEN pension__why IS NOT NULL OR n.doubt THEN NULL ELSE (coalesce(n.total, 0) * 100)::BIGINT END AS pension,
         CASE WHEN bank_balance__why IS NOT NULL OR k.doubt OR k.total IS NULL THEN NULL
              ELSE (k.total * 100)::BIGINT END AS assets,
         CASE WHEN disability__why IS NOT NULL THEN NULL WHEN d.severe THEN TRUE WHEN d.severe_doubt THEN NULL ELSE FALSE END AS severe,
         CASE WHEN disability__why IS NOT NULL THEN NULL WHEN d.excludes THEN TRUE WHEN d.excludes_doubt THEN NULL ELSE FALSE END AS excludes,
         CASE WHEN death__why IS NOT NULL THEN NULL ELSE x.person_row IS NOT NULL END
           OR CASE WHEN hukou__why IS NOT NULL THEN NULL WHEN r.dead THEN TRUE WHEN r.doubt THEN NULL ELSE FALSE END AS dead,
         CASE WHEN custody__why IS NOT NULL THEN NULL WHEN c.inside THEN TRUE WHEN c.doubt THEN NULL ELSE FALSE END AS away,
         vehicle__why IS NOT NULL AS no_cars_told, coalesce(v.number, 0) AS cars, coalesce(v.perhaps, 0) AS perhaps_cars,
         CASE WHEN business__why IS NOT NULL THEN NULL WHEN m.excluded THEN TRUE WHEN m.doubt THEN NULL ELSE FALSE END AS firm,
         property__why IS NOT NULL AS no_homes_told
  FROM read_parquet('{snapshot}/persons.parquet') AS p CROSS JOIN day
  LEFT JOIN wages AS w USING (person_row) LEFT JOIN farm AS f USING (person_row) LEFT JOIN bills AS b USING (person_row)
  LEFT JOIN pensions AS n USING (person_row) LEFT JOIN bank AS k USING (person_row)
  LEFT JOIN disabled AS d USING (person_row) LEFT JOIN died AS x USING (person_row)
  LEFT JOIN register AS r USING (person_row) LEFT JOIN held AS c USING (person_row)
  LEFT JOIN cars AS v USING (person_row) LEFT JOIN firms AS m USING (person_row)
  WHERE p.household_row BETWEEN {first} AND {last}),
counted AS MATERIALIZED (SELECT *, member AND NOT dead AND NOT away AS counted FROM people),
lines AS (
  SELECT h.*, CASE WHEN area IS NULL OR q.hukou_type IS NULL THEN NULL WHEN q.hukou_type = '城镇' THEN 830 ELSE 650 END AS line,
         CASE WHEN q.counted IS NULL THEN NULL WHEN q.counted THEN q.farm ELSE 0 END AS head_farm
  FROM homes AS h LEFT JOIN counted AS q ON q.person_row = h.head_row),
earned AS (
  SELECT q.*, wage * 10 - CASE WHEN wage IS NULL OR line IS NULL THEN NULL ELSE least(wage * 2, line::BIGINT * 12000) END AS net,
         inpatient >= 2000000 AS ill,
         age >= 70 OR age < 18 AS old_or_young
  FROM counted AS q JOIN lines USING (household_row)),
rated AS (
  SELECT *, counted AND (severe OR ill) AS deducts,
         CASE WHEN ill IS NULL OR severe IS NULL OR old_or_young IS NULL THEN NULL
              WHEN ill THEN 3 WHEN severe THEN 2 WHEN old_or_young THEN 1 ELSE 0 END AS rate,
         age >= 60 OR age < 16 OR excludes AS unable
  FROM earned),
families AS (
  SELECT household_row,
    CASE WHEN bool_or(counted IS NULL) THEN NULL ELSE count(*) FILTER (counted) END AS members,
    CASE WHEN bool_or(counted AND age >= 18 AND NOT is_authorised) THEN FALSE
         WHEN bool_or((counted AND age >= 18 AND NOT is_authorised) IS NULL) THEN NULL ELSE TRUE END AS authorised,
    CASE WHEN bool_or(counted IS NULL OR (counted AND net IS NULL)) THEN NULL ELSE coalesce(sum(net) FILTER (counted), 0) END AS net,
    CASE WHEN bool_or(counted IS NULL OR (counted AND pension IS NULL)) THEN NULL
         ELSE coalesce(sum(pension) FILTER (counted), 0) END AS pension,
    CASE WHEN bool_or(deducts IS NULL OR (deducts AND bills IS NULL)) THEN NULL
         ELSE coalesce(sum(bills) FILTER (deducts), 0) END AS deduction,
    CASE WHEN bool_or(counted IS NULL OR (counted AND bills IS NULL)) THEN NULL
         ELSE coalesce(sum(bills) FILTER (counted), 0) END AS bills,
    CASE WHEN bool_or(counted IS NULL OR (counted AND rate IS NULL)) THEN NULL
         ELSE coalesce(sum(rate) FILTER (counted), 0) END AS rates,
    coalesce(sum(assets) FILTER (counted), 0) AS assets, bool_or(counted IS NULL OR (counted AND assets IS NULL)) AS assets_doubt,
    CASE WHEN bool_or(counted IS NOT FALSE AND no_cars_told) OR bool_or(NOT no_cars_told AND CASE WHEN counted THEN perhaps_cars <> cars
              ELSE counted IS NULL AND perhaps_cars > 0 END) THEN NULL
         ELSE coalesce(sum(cars) FILTER (counted), 0) END AS cars,
    CASE WHEN bool_or(counted AND firm) THEN FALSE WHEN bool_or((counted AND firm) IS NULL) THEN NULL ELSE TRUE END AS no_firm,
    CASE WHEN bool_or(counted AND NOT unable) THEN FALSE
         WHEN bool_or((counted AND NOT unable) IS NULL) THEN NULL ELSE TRUE END AS all_unable,
    bool_or(counted IS NOT FALSE AND no_homes_told) AS homes_doubt
  FROM rated WHERE member GROUP BY household_row),
estates AS (
  SELECT q.household_row, counted AND home AS home, counted AND shop AS shop, unit_no, (floor_area * 100)::BIGINT AS size
  FROM (SELECT person_row, unit_no, floor_area, state = '现势' AND use = '住宅' AS home, state = '现势' AND use = '商业' AS shop
        FROM read_parquet('{snapshot}/property.parquet') WHERE household_row BETWEEN {first} AND {last}) AS f
  JOIN counted AS q USING (person_row) WHERE member AND NOT no_homes_told),
units AS (
  SELECT household_row,
    CASE WHEN bool_or(home IS NULL OR (home AND unit_no IS NULL)) THEN NULL
         ELSE count(DISTINCT CASE WHEN home THEN unit_no END) END AS homes,
    CASE WHEN bool_or(shop IS NULL OR (shop AND unit_no IS NULL)) THEN NULL
         ELSE count(DISTINCT CASE WHEN shop THEN unit_no END) END AS shops
  FROM estates GROUP BY household_row),
sizes AS (
  SELECT household_row, CASE WHEN bool_or(doubt OR low <> high) THEN NULL ELSE sum(low) END AS size
  FROM (SELECT household_row, unit_no, min(size) AS low, max(size) AS high,
               bool_or(home IS NULL OR size IS NULL OR unit_no IS NULL) AS doubt
        FROM estates WHERE home IS NOT FALSE GROUP BY household_row, unit_no)
  GROUP BY household_row),
joined AS (
  SELECT l.*,
         CASE WHEN f.household_row IS NULL THEN 0 ELSE members END AS counted_members,
         CASE WHEN f.household_row IS NULL THEN TRUE ELSE authorised END AS authorised, CASE WHEN f.household_row IS NULL THEN 0 ELSE net END AS net,
         CASE WHEN f.household_row IS NULL THEN 0 ELSE pension END AS pension, CASE WHEN f.household_row IS NULL THEN 0 ELSE deduction END AS deduction,
         CASE WHEN f.household_row IS NULL THEN 0 ELSE bills END AS bills, CASE WHEN f.household_row IS NULL THEN 0 ELSE rates END AS rates,
         CASE WHEN f.household_row IS NULL THEN 0 ELSE assets END AS assets, CASE WHEN f.household_row IS NULL THEN FALSE ELSE assets_doubt END AS assets_doubt,
         CASE WHEN f.household_row IS NULL THEN 0 ELSE cars END AS cars, CASE WHEN f.household_row IS NULL THEN TRUE ELSE no_firm END AS no_firm,
         CASE WHEN f.household_row IS NULL THEN TRUE ELSE all_unable END AS all_unable,
         CASE WHEN homes_doubt THEN NULL WHEN u.household_row IS NULL THEN 0 ELSE u.homes END AS homes,
         CASE WHEN homes_doubt THEN NULL WHEN u.household_row IS NULL THEN 0 ELSE u.shops END AS shops,
         CASE WHEN homes_doubt THEN NULL WHEN s.household_row IS NULL THEN 0 ELSE s.size END AS size
  FROM lines AS l LEFT JOIN families AS f USING (household_row) LEFT JOIN units AS u USING (household_row)
  LEFT JOIN sizes AS s USING (household_row)),
incomes AS (
  SELECT *, net + pension * 120 + head_farm + other * 12 AS income,
    cars <= CASE WHEN area IS NOT NULL THEN 0 END AS meets_vehicle_test,
    shops = 0 AND (homes <= CASE WHEN area IS NOT NULL THEN 1 END
      OR (homes = 2 AND size <= CASE WHEN area IS NOT NULL THEN 3000 END * counted_members)) AS meets_housing_test,
    no_firm AS meets_business_test,
    CASE WHEN line * counted_members IS NULL THEN NULL WHEN assets > line::BIGINT * 2400 * counted_members THEN TRUE
         WHEN assets_doubt THEN NULL ELSE FALSE END AS exceeds_financial_limit,
    CASE WHEN line * counted_members IS NULL THEN NULL WHEN assets > line::BIGINT * 3600 * counted_members THEN TRUE
         WHEN assets_doubt THEN NULL ELSE FALSE END AS exceeds_relaxed_limit
  FROM joined),
assessed AS (
  SELECT *, CASE WHEN income - deduction * 10 IS NULL THEN NULL ELSE greatest(0, income - deduction * 10)::BIGINT END AS assessed_year,
         CASE WHEN counted_members = 0 OR counted_members IS NULL THEN NULL
              ELSE (2 * assessed_year * 10000000 + 12) // 24 END AS monthly
  FROM incomes),
heads AS (
  SELECT *, (2 * monthly + counted_members) // nullif(2 * counted_members, 0) AS per_head,
         (2 * assessed_year::HUGEINT * 10000000 + counted_members) // nullif(2 * counted_members, 0) AS per_head_year
  FROM assessed),
tests AS (
  SELECT *,
    CASE WHEN counted_members IS NULL THEN NULL WHEN counted_members = 0 THEN FALSE
         ELSE per_head < line::BIGINT * 10000000000 END AS below,
    CASE WHEN counted_members IS NULL THEN NULL WHEN counted_members = 0 THEN FALSE
         ELSE per_head >= line::BIGINT * 10000000000 AND per_head < line::BIGINT * 15000000000 END AS margin,
    CASE WHEN counted_members IS NULL THEN NULL WHEN counted_members = 0 THEN FALSE
         ELSE per_head_year < CASE WHEN area IS NOT NULL THEN 36000::HUGEINT * 10000000000 END END AS modest,
    meets_vehicle_test AND meets_housing_test AND meets_business_test AND NOT exceeds_financial_limit AS assets_fit,
    cars <= CASE WHEN area IS NOT NULL THEN 1 END AND meets_housing_test AND meets_business_test
      AND NOT exceeds_relaxed_limit AS relaxed_fit,
    CASE WHEN income IS NULL OR area IS NULL THEN NULL ELSE (bills + education) * 100 > 6 * greatest(0, income) END AS heavy
  FROM heads),
eligible AS (
  SELECT *, counted_members > 0 AND all_unable AND below AND assets_fit AS tekun_but_obligor,
    counted_members > 0 AND all_unable AND obligor_status IN ('无', '无履行能力') AND below AND assets_fit AS tekun,
    below AND assets_fit AS dibao, margin AND assets_fit AS edge, modest AND relaxed_fit AND heavy AS rigid
  FROM tests),
chained AS (
  SELECT *, tekun IS NULL AND tekun_but_obligor IS NOT NULL AS passes,
    CASE WHEN NOT coalesce(authorised, FALSE) THEN 'undetermined' WHEN tekun THEN 'tekun'
         WHEN tekun IS NULL AND NOT (tekun IS NULL AND tekun_but_obligor IS NOT NULL) THEN 'undetermined'
         WHEN dibao THEN 'dibao' WHEN dibao IS NULL THEN 'undetermined' WHEN edge THEN 'dibao_edge'
         WHEN edge IS NULL THEN 'undetermined' WHEN rigid THEN 'rigid_expenditure' WHEN rigid IS NULL THEN 'undetermined'
         WHEN tekun IS NULL THEN 'undetermined' ELSE 'none' END AS programme,
    line::BIGINT * 10000000000 * counted_members - monthly + rates * line::BIGINT * 1000000000 AS due
  FROM eligible)
SELECT household_id, area,
  CASE programme WHEN 'undetermined' THEN 'undetermined' WHEN 'none' THEN 'not_eligible' ELSE 'eligible' END
    AS chain__basic_living__outcome,
  programme AS chain__basic_living__programme,
  CASE WHEN programme NOT IN ('undetermined', 'none') AND passes THEN 'tekun' ELSE 'none' END AS chain__basic_living__pending,
  CASE programme WHEN 'tekun' THEN (line * 13 * counted_members)::DECIMAL(18,10) / 10
       WHEN 'dibao' THEN ceil(((2 * due + 100000000) // 200000000)::DECIMAL(18,0) / 100) END::DECIMAL(28,10) AS chain__basic_living__amount,
  left(area, 9) AS township, counted_members::BIGINT AS counted_members,
  (monthly::DECIMAL(28,0) * 0.0000000001::DECIMAL(10,10)) AS assessed_income,
  (per_head::DECIMAL(28,0) * 0.0000000001::DECIMAL(10,10)) AS income_per_head,
  meets_vehicle_test, meets_housing_test, meets_business_test, exceeds_financial_limit
FROM chained
