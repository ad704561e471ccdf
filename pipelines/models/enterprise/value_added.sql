-- One row for each enterprise and quarter. Of: output.
-- Value added of each enterprise and quarter, imputed: gross output × the value-added rate of its division and year
-- (DOMAIN §4), for this year and for the same period of last year as reported now. Output is in whole hundreds of yuan
-- (the form is in thousands), so output / 10 000 × rate in ten-thousandths is exact in fen.
SELECT
    o.unit_quarter,
    o.output_division,
    CAST(CAST(o.output_ytd_fen AS DOUBLE) / 10000.0 AS BIGINT) * r.rate_e4 AS va_ytd_fen,
    CAST(CAST(o.output_prior_ytd_fen AS DOUBLE) / 10000.0 AS BIGINT) * p.rate_e4 AS va_prior_ytd_fen
FROM (
    SELECT
        unit_quarter,
        CAST(SUBSTR(industry_code, 1, 2) AS BIGINT) AS output_division,
        CAST(SUBSTR(industry_code, 1, 2) AS BIGINT) * 65536 + quarter - MOD(quarter, 4) AS this_year,
        CAST(SUBSTR(industry_code, 1, 2) AS BIGINT) * 65536 + quarter - MOD(quarter, 4) - 4 AS last_year,
        output_ytd_fen,
        output_prior_ytd_fen
    FROM output
) AS o
LEFT JOIN rate_of_year AS r ON r.division_year = o.this_year
LEFT JOIN rate_of_year AS p ON p.division_year = o.last_year
