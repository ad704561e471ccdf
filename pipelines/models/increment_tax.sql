-- Tax paid between two known year-to-date figures of one enterprise in one year: the later minus the earlier.
-- A quarter whose figure is missing is not split: the increment then spans it, and says so (METHODS 2.1). The first one of
-- a year begins in January, or when the enterprise came onto the register.
SELECT
    unit_code,
    park_code,
    finance_division,
    quarter,
    tax_ytd_fen - COALESCE(LAG(tax_ytd_fen) OVER (PARTITION BY unit_code, year_start ORDER BY quarter), CAST(0 AS BIGINT)) AS increment_fen,
    COALESCE(
        LAG(quarter) OVER (PARTITION BY unit_code, year_start ORDER BY quarter) + 1,
        GREATEST(year_start, first_quarter)
    ) AS span_from_quarter
FROM enterprise_quarter
WHERE tax_ytd_fen IS NOT NULL
