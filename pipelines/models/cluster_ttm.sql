-- Revenue of each cluster over the trailing four quarters. A cluster is a list of (park, division) pairs.
SELECT
    m.cluster_code,
    m.cluster_name,
    t.quarter,
    SUM(t.ttm_fen) AS revenue_ttm_fen
FROM cluster_member AS m
INNER JOIN park_number AS n ON n.park_code = m.park_code
INNER JOIN park_division_ttm AS t
    ON t.park_number = n.park_number AND t.division = CAST(m.industry_division AS BIGINT)
WHERE t.measure = 'revenue'
GROUP BY m.cluster_code, m.cluster_name, t.quarter
