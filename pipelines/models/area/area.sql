-- One row for each area and park in it. Of: the registers.
-- Which parks make up each area, at every level, and from when to when. A county has the code that holds now, whichever
-- code was its own in a quarter; a park in a functional zone is in no county. `city` is the city with its directly
-- administered counties (省直管县), `city_net` is without them. `line` is the same through time where an area is: a park
-- that was given another code is one. `territory_from` is the quarter in which a park came from others, merged or
-- split.
SELECT
    'park' AS level,
    p.park_code AS ref_area,
    p.park_name AS ref_area_name,
    CAST(n.park_number AS VARCHAR) AS line,
    p.territory_from,
    p.park_code,
    p.from_quarter,
    p.to_quarter
FROM park AS p
INNER JOIN park_number AS n ON n.park_code = p.park_code
UNION ALL
SELECT
    'county' AS level,
    county_code AS ref_area,
    county_name AS ref_area_name,
    county_code AS line,
    CAST(NULL AS BIGINT) AS territory_from,
    park_code,
    from_quarter,
    to_quarter
FROM park
WHERE county_code IS NOT NULL
UNION ALL
SELECT
    'city_net' AS level,
    p.city_code AS ref_area,
    p.city_name || '（不含省直管县）' AS ref_area_name,
    p.city_code AS line,
    CAST(NULL AS BIGINT) AS territory_from,
    p.park_code,
    p.from_quarter,
    p.to_quarter
FROM park AS p
LEFT JOIN (
    SELECT county_code, COUNT(county_code) AS codes
    FROM directly_administered
    GROUP BY county_code
) AS d ON d.county_code = p.county_code
WHERE d.codes IS NULL
UNION ALL
SELECT
    'city' AS level,
    city_code AS ref_area,
    city_name AS ref_area_name,
    city_code AS line,
    CAST(NULL AS BIGINT) AS territory_from,
    park_code,
    from_quarter,
    to_quarter
FROM park
UNION ALL
SELECT
    'province' AS level,
    r.ref_area,
    r.ref_area_name,
    r.ref_area AS line,
    CAST(NULL AS BIGINT) AS territory_from,
    p.park_code,
    p.from_quarter,
    p.to_quarter
FROM park AS p CROSS JOIN province AS r
