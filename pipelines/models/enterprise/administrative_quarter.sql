-- One row for each enterprise and quarter. Of: emission, meter, tax, tax_filing.
-- What departments other than the bureau of statistics hold of each enterprise on the register in a quarter: the tax
-- authority, the suppliers of energy, the environment department. No survey is read here.
SELECT
    s.unit_number,
    s.unit_quarter,
    s.unit_quarter - 4 AS year_before,
    s.unit_quarter - MOD(s.quarter, 4) - 1 AS last_of_year_before,
    s.quarter,
    s.park_number,
    s.first_quarter,
    t.tax_ytd_fen,
    t.tax_prior_ytd_fen,
    CAST(SUBSTR(f.filing_industry_code, 1, 2) AS BIGINT) AS division,
    f.sales_ytd_fen,
    f.income_va_ytd_fen,
    f.research_deduction_ytd_fen,
    f.insured_persons,
    m.metered_ytd_gce,
    e.emission_ytd_g,
    e.emission_prior_ytd_g
FROM stay_quarter AS s
LEFT JOIN tax AS t ON t.unit_quarter = s.unit_quarter
LEFT JOIN tax_filing AS f ON f.unit_quarter = s.unit_quarter
LEFT JOIN meter AS m ON m.unit_quarter = s.unit_quarter
LEFT JOIN emission_total AS e ON e.unit_quarter = s.unit_quarter
