-- One row for each park and quarter. Of: finance, rd.
-- R&D expenditure of the enterprises of each park since January, and the revenue beside it. An enterprise that filed
-- finance and no R&D form has no R&D: it is in the revenue only. One that filed the form and left the expenditure out,
-- or whose row was set aside, is unknown and leaves both. In a quarter whose form nobody filed, nothing is known.
SELECT
    e.park_number,
    e.quarter,
    COUNT(e.unit_quarter) AS rd_known_units,
    COUNT(r.rd_expenditure_ytd_fen) AS rd_units,
    SUM(COALESCE(r.rd_expenditure_ytd_fen, CAST(0 AS BIGINT))) AS rd_ytd_fen,
    SUM(e.revenue_ytd_fen) AS rd_revenue_ytd_fen
FROM enterprise_quarter AS e
INNER JOIN (SELECT quarter AS rd_quarter FROM rd GROUP BY quarter) AS d ON d.rd_quarter = e.quarter
LEFT JOIN (SELECT unit_quarter AS rd_unit_quarter, rd_expenditure_ytd_fen, CAST(1 AS BIGINT) AS filed FROM rd) AS r
    ON r.rd_unit_quarter = e.unit_quarter
LEFT JOIN (
    SELECT unit_quarter AS aside_unit_quarter, CAST(1 AS BIGINT) AS is_aside
    FROM rd_set_aside
    GROUP BY unit_quarter
) AS a
    ON a.aside_unit_quarter = e.unit_quarter
WHERE e.park_number IS NOT NULL AND e.revenue_ytd_fen IS NOT NULL
    AND ((r.filed IS NULL AND a.is_aside IS NULL) OR r.rd_expenditure_ytd_fen IS NOT NULL)
GROUP BY e.park_number, e.quarter
