-- One row for each area and park in it. Of: the registers.
-- Which parks make up each area, at every level, and from when to when. A county has the code that holds now, whichever
-- code was its own in a quarter; a park in a functional zone is in no county. `city` is the city with its directly
-- administered counties (省直管县), `city_net` is without them. `line` is the same through time where an area is: a park
-- that was given another code is one. `territory_from` is the quarter in which a park came from others, merged or
-- split.
SELECT
    level, ref_area, ref_area_name,
    CASE WHEN level = 'park' THEN CAST(park_number AS VARCHAR) ELSE ref_area END AS line,
    CASE WHEN level = 'park' THEN territory_from END AS territory_from,
    park_code, park_number, from_quarter, to_quarter
FROM (
    SELECT
        l.level,
        CASE l.level
            WHEN 'park' THEN p.park_code
            WHEN 'county' THEN p.county_code
            WHEN 'city_net' THEN CASE WHEN d.county_code IS NULL THEN p.city_code END
            WHEN 'city' THEN p.city_code
            WHEN 'province' THEN r.ref_area
        END AS ref_area,
        CASE l.level
            WHEN 'park' THEN p.park_name
            WHEN 'county' THEN p.county_name
            WHEN 'city_net' THEN p.city_name || '（不含省直管县）'
            WHEN 'city' THEN p.city_name
            WHEN 'province' THEN r.ref_area_name
        END AS ref_area_name,
        p.territory_from, p.park_code, n.park_number, p.from_quarter, p.to_quarter
    FROM park AS p
    INNER JOIN park_number AS n ON n.park_code = p.park_code
    LEFT JOIN (SELECT county_code FROM directly_administered GROUP BY county_code) AS d
        ON d.county_code = p.county_code
    CROSS JOIN province AS r
    CROSS JOIN level AS l
) AS a
WHERE ref_area IS NOT NULL
