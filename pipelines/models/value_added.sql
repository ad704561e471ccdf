-- Value added of each enterprise and quarter, imputed: gross output × the value-added rate of its division and year (DOMAIN
-- §4), for this year and for the same period of last year as reported now. Output is in whole hundreds of yuan (the form is
-- in thousands), so output / 10 000 × rate in ten-thousandths is exact in fen.
SELECT
    o.unit_code,
    o.quarter,
    o.output_division,
    CAST(CAST(o.output_ytd_fen AS DOUBLE) / 10000.0 AS BIGINT) * r.rate_e4 AS va_ytd_fen,
    CAST(CAST(o.output_prior_ytd_fen AS DOUBLE) / 10000.0 AS BIGINT) * p.rate_e4 AS va_prior_ytd_fen
FROM (
    SELECT
        unit_code,
        quarter,
        SUBSTR(industry_code, 1, 2) AS output_division,
        quarter - MOD(quarter, 4) AS this_year,
        quarter - MOD(quarter, 4) - 4 AS last_year,
        output_ytd_fen,
        output_prior_ytd_fen
    FROM output
) AS o
LEFT JOIN value_added_rate AS r ON r.industry_division = o.output_division AND r.year_start = o.this_year
LEFT JOIN value_added_rate AS p ON p.industry_division = o.output_division AND p.year_start = o.last_year
