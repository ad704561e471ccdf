-- One row for each park and quarter. Of: finance.
-- Revenue of the leading industries of each park beside all its revenue, and the same divisions in the province. A park
-- without an entry on the register of leading industries is not here: it leaves both sides of the share.
SELECT
    l.park_number, l.quarter,
    CAST(1 AS BIGINT) AS leading_park_units,
    SUM(or_zero(i.enterprise_units)) AS leading_enterprise_units,
    SUM(or_zero(i.revenue_ytd_fen)) AS leading_revenue_ytd_fen,
    MIN(t.park_revenue_ytd_fen) AS leading_base_ytd_fen,
    SUM(or_zero(d.province_division_ytd_fen)) AS leading_province_ytd_fen,
    MIN(p.province_revenue_ytd_fen) AS province_revenue_ytd_fen
FROM leading_quarter AS l
INNER JOIN (
    SELECT park_number, quarter, MIN(park_revenue_ytd_fen) AS park_revenue_ytd_fen
    FROM park_industry_ytd
    GROUP BY park_number, quarter
) AS t ON t.park_number = l.park_number AND t.quarter = l.quarter
LEFT JOIN park_industry_ytd AS i ON i.park_number = l.park_number AND i.division = l.division AND i.quarter = l.quarter
LEFT JOIN province_industry_ytd AS d ON d.division = l.division AND d.quarter = l.quarter
LEFT JOIN (
    SELECT quarter, MIN(province_revenue_ytd_fen) AS province_revenue_ytd_fen
    FROM province_industry_ytd
    GROUP BY quarter
) AS p ON p.quarter = l.quarter
GROUP BY l.park_number, l.quarter
