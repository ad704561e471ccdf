-- One row for each enterprise and quarter. Of: energy, finance, output, retrofit, tax.
-- One row for each enterprise and quarter on the register, with what each form reports of it.
SELECT
    s.unit_number,
    s.unit_quarter,
    s.quarter,
    s.park_number,
    s.first_quarter,
    s.park_quarter,
    CASE WHEN f.industry_code IS NOT NULL THEN CAST(1 AS BIGINT) ELSE CAST(0 AS BIGINT) END AS filed_finance,
    CAST(SUBSTR(f.industry_code, 1, 2) AS BIGINT) AS finance_division,
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
    t.tax_prior_ytd_fen,
    CASE WHEN z.completed_quarter <= s.quarter THEN k.is_none + 1 ELSE k.is_none END AS retrofitted
FROM stay_quarter AS s
LEFT JOIN finance AS f ON f.unit_quarter = s.unit_quarter
LEFT JOIN value_added AS v ON v.unit_quarter = s.unit_quarter
LEFT JOIN energy AS e ON e.unit_quarter = s.unit_quarter
LEFT JOIN tax AS t ON t.unit_quarter = s.unit_quarter
LEFT JOIN (SELECT unit_number, MIN(completed_quarter) AS completed_quarter FROM retrofit GROUP BY unit_number) AS z
    ON z.unit_number = s.unit_number
-- Where no list tells of a quarter, nothing is known: that is not the same as being on none.
LEFT JOIN (
    SELECT quarter, CAST(0 AS BIGINT) AS is_none
    FROM list_quarter
    WHERE dataset = 'retrofit'
) AS k ON k.quarter = s.quarter
