-- Enterprises that filed in a quarter and in the same quarter of last year, by how near they stayed.
SELECT
    n.park_number,
    n.quarter,
    SUM(CASE WHEN b.park_number = n.park_number THEN CAST(1 AS BIGINT) ELSE CAST(0 AS BIGINT) END) AS stayed_park_units,
    SUM(CASE WHEN y.city_code = x.city_code THEN CAST(1 AS BIGINT) ELSE CAST(0 AS BIGINT) END) AS stayed_city_units,
    CAST(COUNT(n.unit_quarter) AS BIGINT) AS stayed_province_units
FROM (SELECT park_number, quarter, unit_quarter, unit_quarter - 4 AS year_before FROM enterprise_quarter WHERE filed_finance = 1 AND park_number IS NOT NULL) AS n
INNER JOIN (SELECT park_number, unit_quarter FROM enterprise_quarter WHERE filed_finance = 1 AND park_number IS NOT NULL) AS b
    ON b.unit_quarter = n.year_before
INNER JOIN park_city AS x ON x.park_number = n.park_number
INNER JOIN park_city AS y ON y.park_number = b.park_number
GROUP BY n.park_number, n.quarter
