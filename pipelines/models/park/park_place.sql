-- One row for each park and quarter. Of: the registers.
-- The county and the city of each park in each quarter of its validity, and its city where that is counted without
-- directly administered counties.
SELECT
    a.park_number, c.quarter,
    MAX(a.ref_area) FILTER (WHERE a.level = 'county') AS county_code,
    MAX(a.ref_area) FILTER (WHERE a.level = 'city_net') AS city_net_code,
    MAX(a.ref_area) FILTER (WHERE a.level = 'city') AS city_code
FROM area AS a
INNER JOIN calendar AS c ON c.quarter >= a.from_quarter AND c.quarter <= a.to_quarter
GROUP BY a.park_number, c.quarter
