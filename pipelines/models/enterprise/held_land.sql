-- One row for each enterprise and quarter. Of: unit_land.
-- Land in the hands of each enterprise on the last day of each quarter, wherever it lies.
SELECT unit_quarter, SUM(held_micromu) AS land_micromu
FROM (
    SELECT l.unit_number * 65536 + c.quarter AS unit_quarter, l.held_micromu
    FROM unit_land AS l
    INNER JOIN calendar AS c ON l.held_from_quarter <= c.quarter
    WHERE l.held_to_quarter IS NULL OR l.held_to_quarter > c.quarter
) AS h
GROUP BY unit_quarter
ORDER BY unit_quarter
