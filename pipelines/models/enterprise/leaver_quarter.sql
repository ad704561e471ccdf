-- One row for each enterprise that left and quarter. Of: the registers.
-- Enterprises that left the register within the last four quarters, in each quarter whose four still hold a part of
-- what they did, with the last one in which they were on it.
SELECT l.unit_number, l.quarter, l.last_quarter
FROM (
    SELECT s.unit_number, c.quarter, MAX(s.to_quarter) AS last_quarter
    FROM stay AS s
    INNER JOIN calendar AS c ON c.quarter > s.to_quarter AND c.quarter <= s.to_quarter + 3
    GROUP BY s.unit_number, c.quarter
) AS l
LEFT JOIN stay_quarter AS q ON q.unit_number = l.unit_number AND q.quarter = l.quarter
WHERE q.quarter IS NULL
