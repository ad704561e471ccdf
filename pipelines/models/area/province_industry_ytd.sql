-- One row for each division and quarter. Of: finance.
-- The same for each division of the province: the sum of its parks.
SELECT division, quarter, SUM(revenue_ytd_fen) AS province_division_ytd_fen
FROM park_industry_ytd
GROUP BY division, quarter
