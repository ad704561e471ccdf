-- One row for each enterprise and quarter. Of: emission.
-- Enterprises that the environment department should have listed: those that it lists, or listed in the quarter or the
-- year before. Who is on no list is expected on none.
SELECT s.unit_number, s.quarter, s.park_number
FROM (
    SELECT unit_number, quarter FROM (
        SELECT unit_number, quarter FROM emission
        UNION ALL SELECT unit_number, quarter + 1 AS quarter FROM emission
        UNION ALL SELECT unit_number, quarter + 4 AS quarter FROM emission
    ) AS e
    GROUP BY unit_number, quarter
) AS l
INNER JOIN stay_quarter AS s ON s.unit_number = l.unit_number AND s.quarter = l.quarter
