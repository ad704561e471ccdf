-- One row for each park, division and quarter. Of: finance.
-- Enterprises that filed form B203 and their revenue since January, for each park and division of theirs.
SELECT
    park_number,
    finance_division AS division,
    quarter,
    CAST(COUNT(revenue_ytd_fen) AS BIGINT) AS enterprise_units,
    SUM(revenue_ytd_fen) AS revenue_ytd_fen
FROM enterprise_quarter
WHERE park_number IS NOT NULL AND finance_division IS NOT NULL
GROUP BY park_number, finance_division, quarter
