-- One row for each enterprise and quarter. Of: output.
-- Value added of each enterprise and quarter, imputed: gross output × the value-added rate of its division and year
-- (DOMAIN §4), for this year and for the same period of last year as reported now. Output is in whole hundreds of yuan
-- (the form is in thousands), so output / 10 000 × rate in ten-thousandths is exact in fen.
SELECT
    o.unit_number, o.quarter, o.output_division,
    CAST(CAST(o.output_ytd_fen AS DOUBLE) / 10000.0 AS BIGINT) * r.rate_e4 AS va_ytd_fen,
    CAST(CAST(o.output_prior_ytd_fen AS DOUBLE) / 10000.0 AS BIGINT) * p.rate_e4 AS va_prior_ytd_fen
FROM (SELECT *, division_of(industry_code) AS output_division FROM output) AS o
LEFT JOIN rate_of_year AS r ON r.division = o.output_division AND r.year_start = year_start(o.quarter)
LEFT JOIN rate_of_year AS p ON p.division = o.output_division AND p.year_start = year_start(o.quarter) - 4
