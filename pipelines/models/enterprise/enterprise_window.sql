-- One row for each enterprise and quarter. Of: the registers.
-- Whose last four quarters hold something: every enterprise on the register in a quarter, and those that left it within
-- the four. These count in the park in which they were last, or in the one that it became. `span` says in which years
-- the reports lie. An enterprise that came onto the register after the turn of the year counts from January, as it
-- reports (`is_part_year`): its year before was no one's to report.
SELECT
    *,
    CASE WHEN last_quarter < year_start(quarter) THEN 'last year'
        WHEN MOD(quarter, 4) = 3 OR first_quarter >= year_start(quarter) THEN 'this year'
        WHEN last_quarter < quarter THEN 'both years, left'
        ELSE 'both years' END AS span,
    flag(last_quarter = quarter AND MOD(quarter, 4) < 3 AND first_quarter >= year_start(quarter)) AS is_part_year,
    flag(last_quarter = quarter AND MOD(quarter, 4) < 3 AND first_quarter <= quarter - 4) AS has_year_ago
FROM (
    SELECT unit_number, quarter, quarter AS last_quarter, park_number, first_quarter FROM stay_quarter
    UNION ALL
    SELECT l.unit_number, l.quarter, l.last_quarter, h.park_number, s.first_quarter
    FROM leaver_quarter AS l
    INNER JOIN stay_quarter AS s ON s.unit_number = l.unit_number AND s.quarter = l.last_quarter
    INNER JOIN park_heir AS h ON h.was_number = s.park_number
    WHERE l.quarter >= h.from_quarter AND l.quarter <= h.to_quarter
) AS w
