-- One row for each cluster and quarter. Of: finance.
-- Each cluster: revenue over the trailing four quarters, its rank by that (equal revenue shares a rank), the parks and
-- the above-scale enterprises that filed in it this quarter. Sums of few enterprises: for internal use only.
SELECT
    c.cluster_code,
    c.cluster_name,
    c.quarter,
    c.revenue_ttm_fen,
    r.cluster_rank,
    e.cluster_parks_units,
    e.enterprise_units
FROM cluster_ttm AS c
INNER JOIN (
    SELECT
        a.cluster_code,
        a.quarter,
        SUM(CASE
            WHEN b.revenue_ttm_fen > a.revenue_ttm_fen THEN CAST(1 AS BIGINT)
            ELSE CAST(0 AS BIGINT)
        END) + 1 AS cluster_rank
    FROM cluster_ttm AS a INNER JOIN cluster_ttm AS b ON b.quarter = a.quarter
    GROUP BY a.cluster_code, a.quarter
) AS r ON r.cluster_code = c.cluster_code AND r.quarter = c.quarter
LEFT JOIN (
    SELECT
        p.cluster_code,
        p.quarter,
        CAST(COUNT(p.park_number) AS BIGINT) AS cluster_parks_units,
        SUM(p.enterprise_units) AS enterprise_units
    FROM (
        SELECT m.cluster_code, i.quarter, i.park_number, SUM(i.enterprise_units) AS enterprise_units
        FROM cluster_park AS m
        INNER JOIN park_industry_ytd AS i
            ON i.park_number = m.park_number AND i.division = m.division AND i.quarter = m.quarter
        GROUP BY m.cluster_code, i.quarter, i.park_number
    ) AS p
    GROUP BY p.cluster_code, p.quarter
) AS e ON e.cluster_code = c.cluster_code AND e.quarter = c.quarter
