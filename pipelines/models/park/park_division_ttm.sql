-- One row for each park, division and quarter. Of: finance.
-- Revenue over the trailing four quarters for each park and division, of the enterprises that `ttm_enterprise_trailing`
-- sums.
SELECT e.park_number, e.finance_division AS division, e.quarter, SUM(e.revenue_ttm_fen) AS revenue_ttm_fen
FROM enterprise_trailing AS e
INNER JOIN calendar AS c ON c.quarter = e.quarter
WHERE e.park_number IS NOT NULL AND e.revenue_ttm_fen IS NOT NULL AND c.quarter >= c.first_quarter + 3
GROUP BY e.park_number, e.finance_division, e.quarter
