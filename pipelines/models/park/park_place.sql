-- One row for each park and quarter. Of: the registers.
-- The county and the city of each park in each quarter of its validity, and its city where that is counted without
-- directly administered counties.
SELECT
    n.park_number * 65536 + a.quarter AS park_time,
    MAX(CASE WHEN a.level = 'county' THEN a.ref_area END) AS county_code,
    MAX(CASE WHEN a.level = 'city_net' THEN a.ref_area END) AS city_net_code,
    MAX(CASE WHEN a.level = 'city' THEN a.ref_area END) AS city_code
FROM (
    SELECT f.level, f.ref_area, f.park_code, c.quarter
    FROM area AS f INNER JOIN calendar AS c ON c.quarter >= f.from_quarter AND c.quarter <= f.to_quarter
) AS a
INNER JOIN park_number AS n ON n.park_code = a.park_code
GROUP BY n.park_number, a.quarter
