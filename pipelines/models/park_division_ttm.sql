-- Trailing four quarters for each park and division: the increments whose whole span lies in the four quarters that end
-- with this one. The first three quarters of the records have no such sum.
SELECT
    i.park_code,
    i.finance_division,
    c.quarter,
    SUM(CASE WHEN i.measure = 'tax' THEN i.increment_fen END) AS tax_ttm_fen,
    SUM(CASE WHEN i.measure = 'va' THEN i.increment_fen END) AS va_ttm_fen,
    SUM(CASE WHEN i.measure = 'revenue' THEN i.increment_fen END) AS revenue_ttm_fen
FROM park_increment AS i
INNER JOIN calendar AS c
    ON i.quarter <= c.quarter AND i.quarter >= c.quarter - 3 AND i.span_from_quarter >= c.quarter - 3
WHERE c.quarter >= c.first_quarter + 3
GROUP BY i.park_code, i.finance_division, c.quarter
