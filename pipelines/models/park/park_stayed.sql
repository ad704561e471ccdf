-- One row for each park and quarter. Of: finance.
-- Enterprises that filed in a quarter and in the same quarter of last year, by how near they stayed.
SELECT
    n.park_number,
    n.quarter,
    SUM(CASE WHEN b.park_number = n.park_number THEN CAST(1 AS BIGINT) ELSE CAST(0 AS BIGINT) END) AS stayed_park_units,
    SUM(CASE
        WHEN y.county_code = x.county_code THEN CAST(1 AS BIGINT)
        ELSE CAST(0 AS BIGINT)
    END) AS stayed_county_units,
    SUM(CASE
        WHEN y.city_net_code = x.city_net_code THEN CAST(1 AS BIGINT)
        ELSE CAST(0 AS BIGINT)
    END) AS stayed_city_net_units,
    SUM(CASE WHEN y.city_code = x.city_code THEN CAST(1 AS BIGINT) ELSE CAST(0 AS BIGINT) END) AS stayed_city_units,
    CAST(COUNT(n.unit_quarter) AS BIGINT) AS stayed_province_units
FROM (
    SELECT
        park_number,
        quarter,
        unit_quarter,
        unit_quarter - 4 AS year_before,
        park_number * 65536 + quarter AS park_time
    FROM enterprise_quarter
    WHERE filed_finance = 1 AND park_number IS NOT NULL
) AS n
INNER JOIN (
    SELECT park_number, unit_quarter, park_number * 65536 + quarter AS park_time
    FROM enterprise_quarter
    WHERE filed_finance = 1 AND park_number IS NOT NULL
) AS b
    ON b.unit_quarter = n.year_before
INNER JOIN park_place AS x ON x.park_time = n.park_time
INNER JOIN park_place AS y ON y.park_time = b.park_time
GROUP BY n.park_number, n.quarter
