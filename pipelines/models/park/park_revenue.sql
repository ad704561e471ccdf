-- One row for each park and quarter. Of: finance.
-- Revenue of the enterprises of each park since January, and the sum of its squares. A square of fen is too large for a
-- BIGINT, so revenue is cut into w whole wanyuan and f fen: r² = w² 10^12 + 2 w f 10^6 + f². Each of the three sums is
-- exact, in any order: the sum of w² is at most the square of the sum of w, which fits as long as all revenue of an
-- area is below 3 × 10^13 yuan, several times that of the province; w f and f² are far smaller.
SELECT
    park_number, quarter,
    COUNT(*) AS revenue_units,
    SUM(revenue_ytd_fen) AS revenue_ytd_fen,
    SUM(revenue_wan * revenue_wan) AS revenue_square_wan,
    SUM(revenue_wan * revenue_rest) AS revenue_square_cross,
    SUM(revenue_rest * revenue_rest) AS revenue_square_fen2
FROM (
    SELECT
        park_number, quarter, revenue_ytd_fen,
        MOD(revenue_ytd_fen, 1000000) AS revenue_rest,
        CAST(CAST(revenue_ytd_fen - MOD(revenue_ytd_fen, 1000000) AS DOUBLE) / 1000000.0 AS BIGINT) AS revenue_wan
    FROM enterprise_quarter
    WHERE park_number IS NOT NULL AND revenue_ytd_fen IS NOT NULL
) AS e
GROUP BY park_number, quarter
