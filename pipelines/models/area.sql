-- Which parks make up each area, at every level.
SELECT 'park' AS level, park_code AS ref_area, park_name AS ref_area_name, park_code FROM park
UNION ALL
SELECT 'city' AS level, city_code AS ref_area, city_name AS ref_area_name, park_code FROM park
UNION ALL
SELECT 'province' AS level, r.ref_area, r.ref_area_name, p.park_code FROM park AS p CROSS JOIN province AS r
