-- One row for each enterprise among the four largest of a park and quarter. Of: finance.
-- Revenue since January of the four largest enterprises of each park and quarter. Which of two equal ones is taken does
-- not matter: only the figure goes on.
SELECT park_number, quarter, revenue_ytd_fen
FROM (
    SELECT
        park_number, quarter, revenue_ytd_fen,
        ROW_NUMBER() OVER (PARTITION BY park_number, quarter ORDER BY revenue_ytd_fen DESC) AS place
    FROM enterprise_quarter
    WHERE park_number IS NOT NULL AND revenue_ytd_fen IS NOT NULL
) AS e
WHERE place <= 4
