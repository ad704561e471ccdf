-- One row for each enterprise that left and quarter. Of: the registers.
-- Enterprises that left the register within the last four quarters, in each quarter whose four still hold a part of
-- what they did: they count where they were last.
SELECT
    l.unit_quarter,
    l.quarter,
    l.last_unit_quarter,
    l.quarter - MOD(l.quarter, 4) AS year_start,
    l.unit_quarter - MOD(l.quarter, 4) - 1 AS last_of_year_before,
    l.unit_quarter - 4 AS year_before
FROM (
    SELECT
        s.unit_number * 65536 + c.quarter AS unit_quarter,
        MAX(c.quarter) AS quarter,
        MAX(s.unit_number * 65536 + s.to_quarter) AS last_unit_quarter
    FROM stay AS s
    INNER JOIN calendar AS c ON c.quarter > s.to_quarter AND c.quarter <= s.to_quarter + 3
    GROUP BY s.unit_number * 65536 + c.quarter
) AS l
LEFT JOIN (SELECT unit_quarter, CAST(1 AS BIGINT) AS is_there FROM stay_quarter) AS q ON q.unit_quarter = l.unit_quarter
WHERE q.is_there IS NULL
ORDER BY unit_quarter
