-- Enterprises and quarters with revenue of at least 10 billion yuan (10^12 fen) over the trailing four quarters, wherever the
-- enterprise was in them. An increment counts only if all that it spans lies within the four. Only those are looked at that once
-- reported a quarter of it since January.
SELECT i.unit_number * 65536 + w.window_quarter AS unit_quarter, SUM(i.revenue_fen) AS revenue_ttm_fen
FROM enterprise_increment AS i
INNER JOIN (SELECT unit_number FROM enterprise_quarter WHERE revenue_ytd_fen >= 250000000000 GROUP BY unit_number) AS large
    ON large.unit_number = i.unit_number
INNER JOIN trailing_window AS w ON w.quarter = i.quarter
WHERE i.revenue_fen IS NOT NULL AND i.revenue_from_quarter >= w.window_quarter - 3
GROUP BY i.unit_number * 65536 + w.window_quarter
HAVING SUM(i.revenue_fen) >= 1000000000000
