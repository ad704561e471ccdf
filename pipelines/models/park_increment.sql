-- What was added between two known year-to-date figures of one enterprise in one year, summed for each park and division. A
-- quarter whose figure is missing is not split: the increment then spans it, and span_from_quarter says so (METHODS 2.1).
-- The first one of a year begins in January, or when the enterprise came onto the register. Only revenue is needed by division.
SELECT 'tax' AS measure, park_number, CAST(NULL AS BIGINT) AS division, quarter, span_from_quarter, SUM(increment_fen) AS increment_fen
FROM (
    SELECT park_1 AS park_number, year_start + 0 AS quarter,
        covered_from AS span_from_quarter,
        tax_1 AS increment_fen
    FROM enterprise_year WHERE tax_1 IS NOT NULL AND park_1 IS NOT NULL
    UNION ALL
    SELECT park_2 AS park_number, year_start + 1 AS quarter,
        CASE WHEN tax_1 IS NOT NULL THEN year_start + 1 ELSE covered_from END AS span_from_quarter,
        tax_2 - COALESCE(tax_1, CAST(0 AS BIGINT)) AS increment_fen
    FROM enterprise_year WHERE tax_2 IS NOT NULL AND park_2 IS NOT NULL
    UNION ALL
    SELECT park_3 AS park_number, year_start + 2 AS quarter,
        CASE WHEN tax_2 IS NOT NULL THEN year_start + 2 WHEN tax_1 IS NOT NULL THEN year_start + 1 ELSE covered_from END AS span_from_quarter,
        tax_3 - COALESCE(tax_2, tax_1, CAST(0 AS BIGINT)) AS increment_fen
    FROM enterprise_year WHERE tax_3 IS NOT NULL AND park_3 IS NOT NULL
    UNION ALL
    SELECT park_4 AS park_number, year_start + 3 AS quarter,
        CASE WHEN tax_3 IS NOT NULL THEN year_start + 3 WHEN tax_2 IS NOT NULL THEN year_start + 2 WHEN tax_1 IS NOT NULL THEN year_start + 1 ELSE covered_from END AS span_from_quarter,
        tax_4 - COALESCE(tax_3, tax_2, tax_1, CAST(0 AS BIGINT)) AS increment_fen
    FROM enterprise_year WHERE tax_4 IS NOT NULL AND park_4 IS NOT NULL
) AS i
GROUP BY park_number, quarter, span_from_quarter
UNION ALL
SELECT 'va' AS measure, park_number, CAST(NULL AS BIGINT) AS division, quarter, span_from_quarter, SUM(increment_fen) AS increment_fen
FROM (
    SELECT park_1 AS park_number, year_start + 0 AS quarter,
        covered_from AS span_from_quarter,
        va_1 AS increment_fen
    FROM enterprise_year WHERE va_1 IS NOT NULL AND park_1 IS NOT NULL
    UNION ALL
    SELECT park_2 AS park_number, year_start + 1 AS quarter,
        CASE WHEN va_1 IS NOT NULL THEN year_start + 1 ELSE covered_from END AS span_from_quarter,
        va_2 - COALESCE(va_1, CAST(0 AS BIGINT)) AS increment_fen
    FROM enterprise_year WHERE va_2 IS NOT NULL AND park_2 IS NOT NULL
    UNION ALL
    SELECT park_3 AS park_number, year_start + 2 AS quarter,
        CASE WHEN va_2 IS NOT NULL THEN year_start + 2 WHEN va_1 IS NOT NULL THEN year_start + 1 ELSE covered_from END AS span_from_quarter,
        va_3 - COALESCE(va_2, va_1, CAST(0 AS BIGINT)) AS increment_fen
    FROM enterprise_year WHERE va_3 IS NOT NULL AND park_3 IS NOT NULL
    UNION ALL
    SELECT park_4 AS park_number, year_start + 3 AS quarter,
        CASE WHEN va_3 IS NOT NULL THEN year_start + 3 WHEN va_2 IS NOT NULL THEN year_start + 2 WHEN va_1 IS NOT NULL THEN year_start + 1 ELSE covered_from END AS span_from_quarter,
        va_4 - COALESCE(va_3, va_2, va_1, CAST(0 AS BIGINT)) AS increment_fen
    FROM enterprise_year WHERE va_4 IS NOT NULL AND park_4 IS NOT NULL
) AS i
GROUP BY park_number, quarter, span_from_quarter
UNION ALL
SELECT 'profit' AS measure, park_number, CAST(NULL AS BIGINT) AS division, quarter, span_from_quarter, SUM(increment_fen) AS increment_fen
FROM (
    SELECT park_1 AS park_number, year_start + 0 AS quarter,
        covered_from AS span_from_quarter,
        profit_1 AS increment_fen
    FROM enterprise_year WHERE profit_1 IS NOT NULL AND park_1 IS NOT NULL
    UNION ALL
    SELECT park_2 AS park_number, year_start + 1 AS quarter,
        CASE WHEN profit_1 IS NOT NULL THEN year_start + 1 ELSE covered_from END AS span_from_quarter,
        profit_2 - COALESCE(profit_1, CAST(0 AS BIGINT)) AS increment_fen
    FROM enterprise_year WHERE profit_2 IS NOT NULL AND park_2 IS NOT NULL
    UNION ALL
    SELECT park_3 AS park_number, year_start + 2 AS quarter,
        CASE WHEN profit_2 IS NOT NULL THEN year_start + 2 WHEN profit_1 IS NOT NULL THEN year_start + 1 ELSE covered_from END AS span_from_quarter,
        profit_3 - COALESCE(profit_2, profit_1, CAST(0 AS BIGINT)) AS increment_fen
    FROM enterprise_year WHERE profit_3 IS NOT NULL AND park_3 IS NOT NULL
    UNION ALL
    SELECT park_4 AS park_number, year_start + 3 AS quarter,
        CASE WHEN profit_3 IS NOT NULL THEN year_start + 3 WHEN profit_2 IS NOT NULL THEN year_start + 2 WHEN profit_1 IS NOT NULL THEN year_start + 1 ELSE covered_from END AS span_from_quarter,
        profit_4 - COALESCE(profit_3, profit_2, profit_1, CAST(0 AS BIGINT)) AS increment_fen
    FROM enterprise_year WHERE profit_4 IS NOT NULL AND park_4 IS NOT NULL
) AS i
GROUP BY park_number, quarter, span_from_quarter
UNION ALL
SELECT 'revenue' AS measure, park_number, division, quarter, span_from_quarter, SUM(increment_fen) AS increment_fen
FROM (
    SELECT park_1 AS park_number, division_1 AS division, year_start + 0 AS quarter,
        covered_from AS span_from_quarter,
        revenue_1 AS increment_fen
    FROM enterprise_year WHERE revenue_1 IS NOT NULL AND park_1 IS NOT NULL
    UNION ALL
    SELECT park_2 AS park_number, division_2 AS division, year_start + 1 AS quarter,
        CASE WHEN revenue_1 IS NOT NULL THEN year_start + 1 ELSE covered_from END AS span_from_quarter,
        revenue_2 - COALESCE(revenue_1, CAST(0 AS BIGINT)) AS increment_fen
    FROM enterprise_year WHERE revenue_2 IS NOT NULL AND park_2 IS NOT NULL
    UNION ALL
    SELECT park_3 AS park_number, division_3 AS division, year_start + 2 AS quarter,
        CASE WHEN revenue_2 IS NOT NULL THEN year_start + 2 WHEN revenue_1 IS NOT NULL THEN year_start + 1 ELSE covered_from END AS span_from_quarter,
        revenue_3 - COALESCE(revenue_2, revenue_1, CAST(0 AS BIGINT)) AS increment_fen
    FROM enterprise_year WHERE revenue_3 IS NOT NULL AND park_3 IS NOT NULL
    UNION ALL
    SELECT park_4 AS park_number, division_4 AS division, year_start + 3 AS quarter,
        CASE WHEN revenue_3 IS NOT NULL THEN year_start + 3 WHEN revenue_2 IS NOT NULL THEN year_start + 2 WHEN revenue_1 IS NOT NULL THEN year_start + 1 ELSE covered_from END AS span_from_quarter,
        revenue_4 - COALESCE(revenue_3, revenue_2, revenue_1, CAST(0 AS BIGINT)) AS increment_fen
    FROM enterprise_year WHERE revenue_4 IS NOT NULL AND park_4 IS NOT NULL
) AS i
GROUP BY park_number, division, quarter, span_from_quarter
