-- One row for each park and quarter. Of: finance, rd.
-- R&D expenditure of the enterprises of each park since January, and the revenue beside it. An enterprise that filed
-- finance and no R&D form has no R&D: it is in the revenue only. One that filed the form and left the expenditure out,
-- or whose row was set aside, is unknown and leaves both. In a quarter whose form nobody filed, nothing is known.
SELECT
    e.park_number, e.quarter,
    COUNT(*) AS rd_known_units,
    COUNT(r.rd_expenditure_ytd_fen) AS rd_units,
    SUM(or_zero(r.rd_expenditure_ytd_fen)) AS rd_ytd_fen,
    SUM(e.revenue_ytd_fen) AS rd_revenue_ytd_fen
FROM enterprise_quarter AS e
INNER JOIN (SELECT quarter FROM rd GROUP BY quarter) AS d ON d.quarter = e.quarter
LEFT JOIN rd AS r ON r.unit_number = e.unit_number AND r.quarter = e.quarter
LEFT JOIN (SELECT unit_number, quarter FROM rd_set_aside GROUP BY unit_number, quarter) AS a
    ON a.unit_number = e.unit_number AND a.quarter = e.quarter
WHERE e.park_number IS NOT NULL AND e.revenue_ytd_fen IS NOT NULL
    AND (r.rd_expenditure_ytd_fen IS NOT NULL OR (r.quarter IS NULL AND a.quarter IS NULL))
GROUP BY e.park_number, e.quarter
