-- One row for each enterprise and quarter on the register, with what each form reports of it.
SELECT
    s.unit_code,
    s.quarter,
    s.park_code,
    s.first_quarter,
    s.quarter - MOD(s.quarter, 4) AS year_start,
    CASE WHEN f.industry_code IS NOT NULL THEN CAST(1 AS BIGINT) ELSE CAST(0 AS BIGINT) END AS filed_finance,
    SUBSTR(f.industry_code, 1, 2) AS finance_division,
    f.revenue_ytd_fen,
    f.revenue_prior_ytd_fen,
    f.profit_ytd_fen,
    f.profit_prior_ytd_fen,
    f.employees_average_persons,
    v.output_division,
    v.va_ytd_fen,
    v.va_prior_ytd_fen,
    e.energy_ytd_gce,
    e.energy_prior_ytd_gce,
    t.tax_ytd_fen,
    CASE WHEN z.completed_quarter <= s.quarter THEN CAST(1 AS BIGINT) ELSE CAST(0 AS BIGINT) END AS retrofitted
FROM stay_quarter AS s
LEFT JOIN finance AS f ON f.unit_code = s.unit_code AND f.quarter = s.quarter
LEFT JOIN value_added AS v ON v.unit_code = s.unit_code AND v.quarter = s.quarter
LEFT JOIN energy AS e ON e.unit_code = s.unit_code AND e.quarter = s.quarter
LEFT JOIN tax AS t ON t.unit_code = s.unit_code AND t.quarter = s.quarter
LEFT JOIN (SELECT unit_code, MIN(completed_quarter) AS completed_quarter FROM retrofit GROUP BY unit_code) AS z
    ON z.unit_code = s.unit_code
