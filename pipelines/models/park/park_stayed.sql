-- One row for each park and quarter. Of: finance.
-- Enterprises that filed in a quarter and in the same quarter of last year, by how near they stayed.
SELECT
    m.park_number, m.quarter,
    SUM(m.units * flag(m.was_number = m.park_number)) AS stayed_park_units,
    SUM(m.units * flag(y.county_code = x.county_code)) AS stayed_county_units,
    SUM(m.units * flag(y.city_net_code = x.city_net_code)) AS stayed_city_net_units,
    SUM(m.units * flag(y.city_code = x.city_code)) AS stayed_city_units,
    SUM(m.units) AS stayed_province_units
FROM (
    SELECT n.park_number, n.quarter, b.park_number AS was_number, COUNT(*) AS units
    FROM enterprise_quarter AS n
    INNER JOIN enterprise_quarter AS b ON b.unit_number = n.unit_number AND b.quarter = n.quarter - 4
    WHERE n.filed_finance = 1 AND n.park_number IS NOT NULL AND b.filed_finance = 1 AND b.park_number IS NOT NULL
    GROUP BY n.park_number, n.quarter, b.park_number
) AS m
INNER JOIN park_place AS x ON x.park_number = m.park_number AND x.quarter = m.quarter
INNER JOIN park_place AS y ON y.park_number = m.was_number AND y.quarter = m.quarter - 4
GROUP BY m.park_number, m.quarter
