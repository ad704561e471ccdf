-- One row for each cluster and quarter. Of: finance.
-- Each cluster: revenue over the trailing four quarters, its rank by that (equal revenue shares a rank), the parks and
-- the above-scale enterprises that filed in it this quarter. Sums of few enterprises: for internal use only.
SELECT
    c.cluster_code, c.cluster_name, c.quarter, c.revenue_ttm_fen,
    RANK() OVER (PARTITION BY c.quarter ORDER BY c.revenue_ttm_fen DESC) AS cluster_rank,
    e.cluster_parks_units, e.enterprise_units
FROM cluster_ttm AS c
LEFT JOIN (
    SELECT
        m.cluster_code, i.quarter,
        COUNT(DISTINCT i.park_number) AS cluster_parks_units,
        SUM(i.enterprise_units) AS enterprise_units
    FROM cluster_park AS m
    INNER JOIN park_industry_ytd AS i
        ON i.park_number = m.park_number AND i.division = m.division AND i.quarter = m.quarter
    GROUP BY m.cluster_code, i.quarter
) AS e ON e.cluster_code = c.cluster_code AND e.quarter = c.quarter
