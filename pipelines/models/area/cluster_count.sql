-- One row for each quarter. Of: finance.
-- Clusters of 100 and of 30 billion yuan: 10^13 and 3 × 10^12 fen.
SELECT
    quarter,
    COUNT(*) FILTER (WHERE revenue_ttm_fen >= 10000000000000) AS clusters_100bn_units,
    COUNT(*) FILTER (WHERE revenue_ttm_fen >= 3000000000000) AS clusters_30bn_units,
    MAX(revenue_ttm_fen) AS largest_cluster_ttm_fen,
    MIN(enterprise_units) FILTER (WHERE cluster_rank = 1) AS largest_cluster_units
FROM cluster_quarter
GROUP BY quarter
