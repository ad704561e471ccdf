-- Enterprises of each park that filed finance and made at least 10 billion yuan over the trailing four quarters.
SELECT q.park_number, q.quarter, COUNT(q.unit_quarter) AS enterprises_10bn_units
FROM enterprise_ten_billion AS b
INNER JOIN enterprise_quarter AS q ON q.unit_quarter = b.unit_quarter
WHERE q.park_number IS NOT NULL AND q.revenue_ytd_fen IS NOT NULL
GROUP BY q.park_number, q.quarter
