-- One row for each county, city or the province, and quarter. Of: county_series, output.
-- Value added of counties and of their parks, for counties, cities and the province.
SELECT
    level, ref_area, quarter,
    COUNT(*) AS county_units,
    SUM(is_whole) AS county_share_units,
    SUM(county_va_ytd_fen) FILTER (WHERE is_whole = 1) AS county_va_ytd_fen,
    SUM(parks_va_ytd_fen) FILTER (WHERE is_whole = 1) AS county_parks_va_ytd_fen,
    SUM(output_units) FILTER (WHERE is_whole = 1) AS county_output_units,
    SUM(register_units) FILTER (WHERE is_whole = 1) AS county_register_units
FROM (
    SELECT
        v.*, l.level,
        CASE l.level
            WHEN 'county' THEN v.county_code
            WHEN 'city_net' THEN v.city_net_code
            WHEN 'city' THEN v.city_code
            WHEN 'province' THEN p.ref_area
        END AS ref_area
    FROM county_va AS v
    CROSS JOIN province AS p
    CROSS JOIN level AS l
) AS c
WHERE ref_area IS NOT NULL
GROUP BY level, ref_area, quarter
