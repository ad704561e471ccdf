-- One row for each enterprise and quarter. Of: energy, finance, output, retrofit, tax.
-- One row for each enterprise and quarter on the register, with what each form reports of it. Where no list tells of a
-- quarter, nothing is known of retrofits: that is not the same as being on none.
SELECT
    s.unit_number, s.quarter, s.park_number, s.first_quarter,
    flag(f.industry_code IS NOT NULL) AS filed_finance,
    division_of(f.industry_code) AS finance_division,
    f.revenue_ytd_fen, f.revenue_prior_ytd_fen, f.profit_ytd_fen, f.profit_prior_ytd_fen, f.employees_average_persons,
    v.output_division, v.va_ytd_fen, v.va_prior_ytd_fen,
    e.energy_ytd_gce, e.energy_prior_ytd_gce,
    t.tax_ytd_fen, t.tax_prior_ytd_fen,
    CASE WHEN k.quarter IS NOT NULL THEN flag(z.completed_quarter <= s.quarter) END AS retrofitted
FROM stay_quarter AS s
LEFT JOIN finance AS f ON f.unit_number = s.unit_number AND f.quarter = s.quarter
LEFT JOIN value_added AS v ON v.unit_number = s.unit_number AND v.quarter = s.quarter
LEFT JOIN energy AS e ON e.unit_number = s.unit_number AND e.quarter = s.quarter
LEFT JOIN tax AS t ON t.unit_number = s.unit_number AND t.quarter = s.quarter
LEFT JOIN (SELECT unit_number, MIN(completed_quarter) AS completed_quarter FROM retrofit GROUP BY unit_number) AS z
    ON z.unit_number = s.unit_number
LEFT JOIN (SELECT quarter FROM list_quarter WHERE dataset = 'retrofit') AS k ON k.quarter = s.quarter
