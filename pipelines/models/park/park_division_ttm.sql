-- One row for each park, division and quarter. Of: finance.
-- Revenue over the trailing four quarters for each park and division, of the enterprises that `ttm_enterprise_trailing`
-- sums.
SELECT w.park_number, w.division, w.quarter, SUM(w.revenue_ttm_fen) AS revenue_ttm_fen
FROM (
    SELECT park_number, finance_division AS division, quarter, SUM(revenue_ttm_fen) AS revenue_ttm_fen
    FROM enterprise_trailing
    WHERE park_number IS NOT NULL AND revenue_ttm_fen IS NOT NULL
    GROUP BY park_number, finance_division, quarter
    UNION ALL
    SELECT park_number, finance_division AS division, quarter, SUM(revenue_ttm_fen) AS revenue_ttm_fen
    FROM leaver_trailing
    WHERE park_number IS NOT NULL AND revenue_ttm_fen IS NOT NULL
    GROUP BY park_number, finance_division, quarter
) AS w
INNER JOIN calendar AS c ON c.quarter = w.quarter
WHERE c.quarter >= c.first_quarter + 3
GROUP BY w.park_number, w.division, w.quarter
