-- Increments of tax, value added and revenue, summed for each park, division, quarter and span.
SELECT park_code, finance_division, quarter, span_from_quarter, 'tax' AS measure, SUM(increment_fen) AS increment_fen
FROM increment_tax WHERE park_code IS NOT NULL
GROUP BY park_code, finance_division, quarter, span_from_quarter
UNION ALL
SELECT park_code, finance_division, quarter, span_from_quarter, 'va' AS measure, SUM(increment_fen) AS increment_fen
FROM increment_va WHERE park_code IS NOT NULL
GROUP BY park_code, finance_division, quarter, span_from_quarter
UNION ALL
SELECT park_code, finance_division, quarter, span_from_quarter, 'revenue' AS measure, SUM(increment_fen) AS increment_fen
FROM increment_revenue WHERE park_code IS NOT NULL
GROUP BY park_code, finance_division, quarter, span_from_quarter
