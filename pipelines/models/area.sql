-- Which parks make up each area, at every level, and from when to when. A county has the code that holds now, whichever code
-- was its own in a quarter; a park in a functional zone is in no county. `city` is the city with its directly administered
-- counties (省直管县), `city_net` is without them.
SELECT 'park' AS level, park_code AS ref_area, park_name AS ref_area_name, park_code, from_quarter, to_quarter FROM park
UNION ALL
SELECT 'county' AS level, county_code AS ref_area, county_name AS ref_area_name, park_code, from_quarter, to_quarter FROM park
WHERE county_code IS NOT NULL
UNION ALL
SELECT 'city_net' AS level, p.city_code AS ref_area, p.city_name || '（不含省直管县）' AS ref_area_name, p.park_code, p.from_quarter, p.to_quarter
FROM park AS p
LEFT JOIN (SELECT county_code, COUNT(county_code) AS codes FROM directly_administered GROUP BY county_code) AS d ON d.county_code = p.county_code
WHERE d.codes IS NULL
UNION ALL
SELECT 'city' AS level, city_code AS ref_area, city_name AS ref_area_name, park_code, from_quarter, to_quarter FROM park
UNION ALL
SELECT 'province' AS level, r.ref_area, r.ref_area_name, p.park_code, p.from_quarter, p.to_quarter FROM park AS p CROSS JOIN province AS r
