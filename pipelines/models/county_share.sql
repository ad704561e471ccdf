-- Value added of counties and of their parks, for counties, cities and the province.
SELECT
    'county' AS level,
    county_code AS ref_area,
    quarter,
    CAST(COUNT(quarter) AS BIGINT) AS county_units,
    CAST(SUM(is_whole) AS BIGINT) AS county_share_units,
    CAST(SUM(CASE WHEN is_whole = 1 THEN county_va_ytd_fen END) AS BIGINT) AS county_va_ytd_fen,
    CAST(SUM(CASE WHEN is_whole = 1 THEN parks_va_ytd_fen END) AS BIGINT) AS county_parks_va_ytd_fen,
    CAST(SUM(CASE WHEN is_whole = 1 THEN output_units END) AS BIGINT) AS county_output_units
FROM county_va
GROUP BY county_code, quarter
UNION ALL
SELECT
    'city_net' AS level,
    city_net_code AS ref_area,
    quarter,
    CAST(COUNT(quarter) AS BIGINT) AS county_units,
    CAST(SUM(is_whole) AS BIGINT) AS county_share_units,
    CAST(SUM(CASE WHEN is_whole = 1 THEN county_va_ytd_fen END) AS BIGINT) AS county_va_ytd_fen,
    CAST(SUM(CASE WHEN is_whole = 1 THEN parks_va_ytd_fen END) AS BIGINT) AS county_parks_va_ytd_fen,
    CAST(SUM(CASE WHEN is_whole = 1 THEN output_units END) AS BIGINT) AS county_output_units
FROM county_va WHERE city_net_code IS NOT NULL
GROUP BY city_net_code, quarter
UNION ALL
SELECT
    'city' AS level,
    city_code AS ref_area,
    quarter,
    CAST(COUNT(quarter) AS BIGINT) AS county_units,
    CAST(SUM(is_whole) AS BIGINT) AS county_share_units,
    CAST(SUM(CASE WHEN is_whole = 1 THEN county_va_ytd_fen END) AS BIGINT) AS county_va_ytd_fen,
    CAST(SUM(CASE WHEN is_whole = 1 THEN parks_va_ytd_fen END) AS BIGINT) AS county_parks_va_ytd_fen,
    CAST(SUM(CASE WHEN is_whole = 1 THEN output_units END) AS BIGINT) AS county_output_units
FROM county_va
GROUP BY city_code, quarter
UNION ALL
SELECT
    'province' AS level,
    province_code AS ref_area,
    quarter,
    CAST(COUNT(quarter) AS BIGINT) AS county_units,
    CAST(SUM(is_whole) AS BIGINT) AS county_share_units,
    CAST(SUM(CASE WHEN is_whole = 1 THEN county_va_ytd_fen END) AS BIGINT) AS county_va_ytd_fen,
    CAST(SUM(CASE WHEN is_whole = 1 THEN parks_va_ytd_fen END) AS BIGINT) AS county_parks_va_ytd_fen,
    CAST(SUM(CASE WHEN is_whole = 1 THEN output_units END) AS BIGINT) AS county_output_units
FROM county_va CROSS JOIN (SELECT ref_area AS province_code FROM province) AS p
GROUP BY province_code, quarter
