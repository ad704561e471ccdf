-- One row for each quarter. Of: finance.
-- Clusters of 100 and of 30 billion yuan: 10^13 and 3 × 10^12 fen.
SELECT
    quarter,
    SUM(CASE
        WHEN revenue_ttm_fen >= 10000000000000 THEN CAST(1 AS BIGINT)
        ELSE CAST(0 AS BIGINT)
    END) AS clusters_100bn_units,
    SUM(CASE
        WHEN revenue_ttm_fen >= 3000000000000 THEN CAST(1 AS BIGINT)
        ELSE CAST(0 AS BIGINT)
    END) AS clusters_30bn_units,
    MAX(revenue_ttm_fen) AS largest_cluster_ttm_fen,
    MIN(CASE WHEN cluster_rank = 1 THEN enterprise_units END) AS largest_cluster_units
FROM cluster_quarter
GROUP BY quarter
