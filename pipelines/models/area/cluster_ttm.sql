-- One row for each cluster and quarter. Of: finance.
-- Revenue of each cluster over the trailing four quarters. A cluster is a list of (park, division) pairs.
SELECT m.cluster_code, m.cluster_name, t.quarter, SUM(t.revenue_ttm_fen) AS revenue_ttm_fen
FROM cluster_park AS m
INNER JOIN park_division_ttm AS t
    ON t.park_number = m.park_number AND t.division = m.division AND t.quarter = m.quarter
GROUP BY m.cluster_code, m.cluster_name, t.quarter
