-- Enterprises and quarters with revenue of at least 10 billion yuan (10^12 fen) over the trailing four quarters, wherever the
-- enterprise was in them. As in park_increment, an increment spans the missing quarters before it, and counts only if all of it
-- lies within the four.
SELECT i.unit_first + w.window_quarter AS unit_quarter, SUM(i.increment_fen) AS revenue_ttm_fen
FROM (
    SELECT unit_first, year_start + 0 AS quarter,
        covered_from AS span_from_quarter,
        revenue_1 AS increment_fen
    FROM large_enterprise_year WHERE revenue_1 IS NOT NULL
    UNION ALL
    SELECT unit_first, year_start + 1 AS quarter,
        CASE WHEN revenue_1 IS NOT NULL THEN year_start + 1 ELSE covered_from END AS span_from_quarter,
        revenue_2 - COALESCE(revenue_1, CAST(0 AS BIGINT)) AS increment_fen
    FROM large_enterprise_year WHERE revenue_2 IS NOT NULL
    UNION ALL
    SELECT unit_first, year_start + 2 AS quarter,
        CASE WHEN revenue_2 IS NOT NULL THEN year_start + 2 WHEN revenue_1 IS NOT NULL THEN year_start + 1 ELSE covered_from END AS span_from_quarter,
        revenue_3 - COALESCE(revenue_2, revenue_1, CAST(0 AS BIGINT)) AS increment_fen
    FROM large_enterprise_year WHERE revenue_3 IS NOT NULL
    UNION ALL
    SELECT unit_first, year_start + 3 AS quarter,
        CASE WHEN revenue_3 IS NOT NULL THEN year_start + 3 WHEN revenue_2 IS NOT NULL THEN year_start + 2 WHEN revenue_1 IS NOT NULL THEN year_start + 1 ELSE covered_from END AS span_from_quarter,
        revenue_4 - COALESCE(revenue_3, revenue_2, revenue_1, CAST(0 AS BIGINT)) AS increment_fen
    FROM large_enterprise_year WHERE revenue_4 IS NOT NULL
) AS i
INNER JOIN trailing_window AS w ON w.quarter = i.quarter
WHERE i.span_from_quarter >= w.window_quarter - 3
GROUP BY i.unit_first + w.window_quarter
HAVING SUM(i.increment_fen) >= 1000000000000
