-- One row for each enterprise and quarter. Of: emission.
-- Enterprises that the environment department should have listed: those that it lists, or listed in the quarter or the
-- year before. Who is on no list is expected on none.
SELECT unit_quarter FROM (
    SELECT unit_quarter FROM emission
    UNION ALL
    SELECT unit_quarter + 1 AS unit_quarter FROM emission
    UNION ALL
    SELECT unit_quarter + 4 AS unit_quarter FROM emission
) AS listed
GROUP BY unit_quarter
ORDER BY unit_quarter
