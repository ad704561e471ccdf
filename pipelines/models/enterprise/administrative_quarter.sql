-- One row for each enterprise and quarter. Of: emission, meter, tax, tax_filing.
-- What departments other than the bureau of statistics hold of each enterprise on the register in a quarter: the tax
-- authority, the suppliers of energy, the environment department. No survey is read here. `span` says where its last
-- four quarters lie, if it is on the register for as long.
SELECT
    s.unit_number, s.quarter, s.park_number, s.first_quarter,
    CASE WHEN s.first_quarter > s.quarter - 3 THEN 'short' WHEN MOD(s.quarter, 4) = 3 THEN 'this year'
        ELSE 'both years' END AS span,
    t.tax_ytd_fen, t.tax_prior_ytd_fen,
    division_of(f.filing_industry_code) AS division,
    f.sales_ytd_fen, f.income_va_ytd_fen, f.research_deduction_ytd_fen, f.insured_persons,
    m.metered_ytd_gce,
    e.emission_ytd_g, e.emission_prior_ytd_g
FROM stay_quarter AS s
LEFT JOIN tax AS t ON t.unit_number = s.unit_number AND t.quarter = s.quarter
LEFT JOIN tax_filing AS f ON f.unit_number = s.unit_number AND f.quarter = s.quarter
LEFT JOIN meter AS m ON m.unit_number = s.unit_number AND m.quarter = s.quarter
LEFT JOIN emission_total AS e ON e.unit_number = s.unit_number AND e.quarter = s.quarter
