-- One row for each park and quarter. Of: emission.
-- Enterprises of each park that the environment department should have listed.
SELECT s.park_number, s.quarter, COUNT(s.unit_quarter) AS emission_expected_units
FROM emission_expected AS e
INNER JOIN stay_quarter AS s ON s.unit_quarter = e.unit_quarter
WHERE s.park_number IS NOT NULL
GROUP BY s.park_number, s.quarter
