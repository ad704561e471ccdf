-- Enterprises of each park that the environment department should have listed: those that it lists, or listed in the quarter or the year before.
-- Who is on no list is expected on none.
SELECT s.park_number, s.quarter, COUNT(s.unit_quarter) AS emission_expected_units
FROM (
    SELECT unit_quarter FROM (
        SELECT unit_quarter FROM emission
        UNION ALL
        SELECT unit_quarter + 1 AS unit_quarter FROM emission
        UNION ALL
        SELECT unit_quarter + 4 AS unit_quarter FROM emission
    ) AS listed
    GROUP BY unit_quarter
) AS e
INNER JOIN stay_quarter AS s ON s.unit_quarter = e.unit_quarter
WHERE s.park_number IS NOT NULL
GROUP BY s.park_number, s.quarter
