-- One row for each park, division and quarter. Of: finance.
-- Enterprises that filed form B203 and their revenue since January, for each park and division of theirs, beside the
-- revenue of all divisions of the park.
SELECT *, SUM(revenue_ytd_fen) OVER (PARTITION BY park_number, quarter) AS park_revenue_ytd_fen
FROM (
    SELECT
        park_number, finance_division AS division, quarter,
        COUNT(revenue_ytd_fen) AS enterprise_units,
        SUM(revenue_ytd_fen) AS revenue_ytd_fen
    FROM enterprise_quarter
    WHERE park_number IS NOT NULL AND finance_division IS NOT NULL
    GROUP BY park_number, finance_division, quarter
) AS d
