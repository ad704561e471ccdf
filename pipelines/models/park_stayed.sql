-- Enterprises that filed in a quarter and in the same quarter of last year, by how near they stayed.
SELECT
    n.park_code,
    n.quarter,
    SUM(CASE WHEN b.park_code = n.park_code THEN CAST(1 AS BIGINT) ELSE CAST(0 AS BIGINT) END) AS stayed_park_units,
    SUM(CASE WHEN y.city_code = x.city_code THEN CAST(1 AS BIGINT) ELSE CAST(0 AS BIGINT) END) AS stayed_city_units,
    CAST(COUNT(n.unit_code) AS BIGINT) AS stayed_province_units
FROM enterprise_quarter AS n
INNER JOIN enterprise_quarter AS b ON b.unit_code = n.unit_code AND b.quarter = n.quarter - 4
INNER JOIN park AS x ON x.park_code = n.park_code
INNER JOIN park AS y ON y.park_code = b.park_code
WHERE n.filed_finance = 1 AND b.filed_finance = 1
GROUP BY n.park_code, n.quarter
