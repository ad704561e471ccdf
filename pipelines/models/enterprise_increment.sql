-- What each enterprise added to the figures that it reports since January: a figure less the last one that is known of the same
-- year. A quarter whose figure is missing is not split: the next increment spans it, and its from_quarter says so (METHODS 2.1).
-- The first one of a year begins in January, or when the enterprise came onto the register.
SELECT
    e.unit_number,
    e.quarter,
    e.park_number,
    e.park_quarter,
    e.finance_division,
    CASE WHEN a.tax_ytd_fen IS NOT NULL THEN e.quarter WHEN b.tax_ytd_fen IS NOT NULL THEN e.quarter - 1 WHEN c.tax_ytd_fen IS NOT NULL THEN e.quarter - 2 ELSE e.covered_from END AS tax_from_quarter,
    e.tax_ytd_fen - COALESCE(a.tax_ytd_fen, b.tax_ytd_fen, c.tax_ytd_fen, CAST(0 AS BIGINT)) AS tax_fen,
    CASE WHEN a.va_ytd_fen IS NOT NULL THEN e.quarter WHEN b.va_ytd_fen IS NOT NULL THEN e.quarter - 1 WHEN c.va_ytd_fen IS NOT NULL THEN e.quarter - 2 ELSE e.covered_from END AS va_from_quarter,
    e.va_ytd_fen - COALESCE(a.va_ytd_fen, b.va_ytd_fen, c.va_ytd_fen, CAST(0 AS BIGINT)) AS va_fen,
    CASE WHEN a.revenue_ytd_fen IS NOT NULL THEN e.quarter WHEN b.revenue_ytd_fen IS NOT NULL THEN e.quarter - 1 WHEN c.revenue_ytd_fen IS NOT NULL THEN e.quarter - 2 ELSE e.covered_from END AS revenue_from_quarter,
    e.revenue_ytd_fen - COALESCE(a.revenue_ytd_fen, b.revenue_ytd_fen, c.revenue_ytd_fen, CAST(0 AS BIGINT)) AS revenue_fen,
    CASE WHEN a.profit_ytd_fen IS NOT NULL THEN e.quarter WHEN b.profit_ytd_fen IS NOT NULL THEN e.quarter - 1 WHEN c.profit_ytd_fen IS NOT NULL THEN e.quarter - 2 ELSE e.covered_from END AS profit_from_quarter,
    e.profit_ytd_fen - COALESCE(a.profit_ytd_fen, b.profit_ytd_fen, c.profit_ytd_fen, CAST(0 AS BIGINT)) AS profit_fen
FROM (SELECT *, GREATEST(quarter - MOD(quarter, 4), first_quarter) AS covered_from FROM enterprise_quarter) AS e
LEFT JOIN (SELECT * FROM year_to_date WHERE season <= 2) AS a ON a.quarter_after = e.unit_quarter
LEFT JOIN (SELECT * FROM year_to_date WHERE season <= 1) AS b ON b.two_after = e.unit_quarter
LEFT JOIN (SELECT * FROM year_to_date WHERE season = 0) AS c ON c.three_after = e.unit_quarter
