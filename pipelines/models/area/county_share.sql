-- One row for each county, city or the province, and quarter. Of: county_series, output.
-- Value added of counties and of their parks, for counties, cities and the province.
SELECT
    level,
    ref_area,
    quarter,
    CAST(COUNT(quarter) AS BIGINT) AS county_units,
    CAST(SUM(is_whole) AS BIGINT) AS county_share_units,
    CAST(SUM(CASE WHEN is_whole = 1 THEN county_va_ytd_fen END) AS BIGINT) AS county_va_ytd_fen,
    CAST(SUM(CASE WHEN is_whole = 1 THEN parks_va_ytd_fen END) AS BIGINT) AS county_parks_va_ytd_fen,
    CAST(SUM(CASE WHEN is_whole = 1 THEN output_units END) AS BIGINT) AS county_output_units,
    CAST(SUM(CASE WHEN is_whole = 1 THEN register_units END) AS BIGINT) AS county_register_units
FROM (
    SELECT
        'county' AS level,
        county_code AS ref_area,
        quarter,
        is_whole,
        county_va_ytd_fen,
        parks_va_ytd_fen,
        output_units,
        register_units
    FROM county_va
    UNION ALL
    SELECT
        'city_net' AS level,
        city_net_code AS ref_area,
        quarter,
        is_whole,
        county_va_ytd_fen,
        parks_va_ytd_fen,
        output_units,
        register_units
    FROM county_va WHERE city_net_code IS NOT NULL
    UNION ALL
    SELECT
        'city' AS level,
        city_code AS ref_area,
        quarter,
        is_whole,
        county_va_ytd_fen,
        parks_va_ytd_fen,
        output_units,
        register_units
    FROM county_va
    UNION ALL
    SELECT
        'province' AS level,
        p.ref_area,
        v.quarter,
        v.is_whole,
        v.county_va_ytd_fen,
        v.parks_va_ytd_fen,
        v.output_units,
        v.register_units
    FROM county_va AS v CROSS JOIN province AS p
) AS c
GROUP BY level, ref_area, quarter
