-- One row for each area and quarter. Of: finance.
-- Revenue since January of the four largest enterprises of each area: they are among the four largest of its parks.
SELECT level, ref_area, quarter, SUM(revenue_ytd_fen) AS revenue_top_four_ytd_fen
FROM (
    SELECT
        a.level,
        a.ref_area,
        q.quarter,
        l.revenue_ytd_fen,
        ROW_NUMBER() OVER (PARTITION BY a.level, a.ref_area, q.quarter ORDER BY l.revenue_ytd_fen DESC) AS place
    FROM area AS a
    INNER JOIN park_quarter AS q ON q.park_code = a.park_code
    INNER JOIN park_number AS n ON n.park_code = a.park_code
    INNER JOIN park_largest AS l ON l.park_number = n.park_number AND l.quarter = q.quarter
    WHERE q.quarter >= a.from_quarter AND q.quarter <= a.to_quarter
) AS e
WHERE place <= 4
GROUP BY level, ref_area, quarter
