-- One row for each area and quarter. Of: finance.
-- Revenue since January of the four largest enterprises of each area: they are among the four largest of its parks.
SELECT level, ref_area, quarter, SUM(revenue_ytd_fen) AS revenue_top_four_ytd_fen
FROM (
    SELECT
        a.level, a.ref_area, l.quarter, l.revenue_ytd_fen,
        ROW_NUMBER() OVER (PARTITION BY a.level, a.ref_area, l.quarter ORDER BY l.revenue_ytd_fen DESC) AS place
    FROM area AS a
    INNER JOIN park_largest AS l ON l.park_number = a.park_number
    WHERE l.quarter >= a.from_quarter AND l.quarter <= a.to_quarter
) AS e
WHERE place <= 4
GROUP BY level, ref_area, quarter
