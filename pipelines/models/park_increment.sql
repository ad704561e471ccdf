-- The increments of enterprises, summed for each park and division, by the quarters that they span. Only revenue is needed by
-- division. The groups have one number each: a park, a quarter, how far an increment reaches back, and a division.
SELECT 'tax' AS measure, MIN(park_number) AS park_number, CAST(NULL AS BIGINT) AS division, MIN(quarter) AS quarter, MIN(tax_from_quarter) AS span_from_quarter, SUM(tax_fen) AS increment_fen
FROM (
    SELECT park_number, quarter, tax_from_quarter, tax_fen, park_quarter * 4 + quarter - tax_from_quarter AS cell
    FROM enterprise_increment WHERE tax_fen IS NOT NULL AND park_number IS NOT NULL
) AS i
GROUP BY cell
UNION ALL
SELECT 'va' AS measure, MIN(park_number) AS park_number, CAST(NULL AS BIGINT) AS division, MIN(quarter) AS quarter, MIN(va_from_quarter) AS span_from_quarter, SUM(va_fen) AS increment_fen
FROM (
    SELECT park_number, quarter, va_from_quarter, va_fen, park_quarter * 4 + quarter - va_from_quarter AS cell
    FROM enterprise_increment WHERE va_fen IS NOT NULL AND park_number IS NOT NULL
) AS i
GROUP BY cell
UNION ALL
SELECT 'revenue' AS measure, MIN(park_number) AS park_number, MIN(division) AS division, MIN(quarter) AS quarter, MIN(revenue_from_quarter) AS span_from_quarter, SUM(revenue_fen) AS increment_fen
FROM (
    SELECT park_number, finance_division AS division, quarter, revenue_from_quarter, revenue_fen, (park_quarter * 4 + quarter - revenue_from_quarter) * 128 + COALESCE(finance_division, CAST(0 AS BIGINT)) AS cell
    FROM enterprise_increment WHERE revenue_fen IS NOT NULL AND park_number IS NOT NULL
) AS i
GROUP BY cell
UNION ALL
SELECT 'profit' AS measure, MIN(park_number) AS park_number, CAST(NULL AS BIGINT) AS division, MIN(quarter) AS quarter, MIN(profit_from_quarter) AS span_from_quarter, SUM(profit_fen) AS increment_fen
FROM (
    SELECT park_number, quarter, profit_from_quarter, profit_fen, park_quarter * 4 + quarter - profit_from_quarter AS cell
    FROM enterprise_increment WHERE profit_fen IS NOT NULL AND park_number IS NOT NULL
) AS i
GROUP BY cell
