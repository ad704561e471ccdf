-- What the enterprises of each park report, summed for each quarter.
SELECT
    park_number,
    quarter,
    COUNT(unit_quarter) AS register_units,
    SUM(filed_finance) AS enterprise_units,
    SUM(filed_finance * retrofitted) AS retrofit_units,
    COUNT(energy_ytd_gce) AS energy_filed_units,
    COUNT(tax_ytd_fen) AS tax_units,
    SUM(tax_ytd_fen) AS tax_ytd_fen,
    COUNT(va_ytd_fen) AS output_units,
    SUM(va_ytd_fen) AS va_ytd_fen,
    COUNT(CASE WHEN revenue_prior_ytd_fen IS NOT NULL THEN revenue_ytd_fen END) AS revenue_pair_units,
    SUM(CASE WHEN revenue_prior_ytd_fen IS NOT NULL THEN revenue_ytd_fen END) AS revenue_pair_ytd_fen,
    SUM(CASE WHEN revenue_ytd_fen IS NOT NULL THEN revenue_prior_ytd_fen END) AS revenue_pair_prior_fen,
    COUNT(CASE WHEN profit_prior_ytd_fen IS NOT NULL THEN profit_ytd_fen END) AS profit_pair_units,
    SUM(CASE WHEN profit_prior_ytd_fen IS NOT NULL THEN profit_ytd_fen END) AS profit_pair_ytd_fen,
    SUM(CASE WHEN profit_ytd_fen IS NOT NULL THEN profit_prior_ytd_fen END) AS profit_pair_prior_fen,
    COUNT(CASE WHEN employees_average_persons IS NOT NULL THEN va_ytd_fen END) AS staff_units,
    SUM(CASE WHEN employees_average_persons IS NOT NULL THEN va_ytd_fen END) AS va_staff_ytd_fen,
    SUM(CASE WHEN va_ytd_fen IS NOT NULL THEN employees_average_persons END) AS staff_persons
FROM enterprise_quarter
WHERE park_number IS NOT NULL
GROUP BY park_number, quarter
