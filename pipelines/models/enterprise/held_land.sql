-- One row for each enterprise and quarter. Of: unit_land.
-- Land in the hands of each enterprise on the last day of each quarter, wherever it lies.
SELECT l.unit_number, c.quarter, SUM(l.held_micromu) AS land_micromu
FROM unit_land AS l
INNER JOIN calendar AS c ON l.held_from_quarter <= c.quarter
WHERE l.held_to_quarter IS NULL OR l.held_to_quarter > c.quarter
GROUP BY l.unit_number, c.quarter
