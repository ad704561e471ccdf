-- One row for each division and quarter. Of: finance.
-- The same for each division of the province: the sum of its parks, beside that of all divisions.
SELECT *, SUM(province_division_ytd_fen) OVER (PARTITION BY quarter) AS province_revenue_ytd_fen
FROM (
    SELECT division, quarter, SUM(revenue_ytd_fen) AS province_division_ytd_fen
    FROM park_industry_ytd
    GROUP BY division, quarter
) AS d
