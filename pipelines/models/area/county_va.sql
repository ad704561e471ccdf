-- One row for each county and quarter. Of: county_series, output.
-- Published value added of each county beside that of its parks. A county that is published and has no park counts with
-- none; one whose parks have no value added, or that has no figure, is left out of both.
SELECT
    c.county_code,
    c.city_code,
    CASE WHEN d.codes IS NULL THEN c.city_code END AS city_net_code,
    c.quarter,
    CASE
        WHEN v.county_va_ytd_fen IS NOT NULL AND (s.park_units IS NULL OR s.va_ytd_fen IS NOT NULL)
            THEN CAST(1 AS BIGINT)
        ELSE CAST(0 AS BIGINT)
    END AS is_whole,
    v.county_va_ytd_fen,
    COALESCE(s.va_ytd_fen, CAST(0 AS BIGINT)) AS parks_va_ytd_fen,
    COALESCE(s.output_units, CAST(0 AS BIGINT)) AS output_units,
    COALESCE(s.register_units, CAST(0 AS BIGINT)) AS register_units
FROM county_expected AS c
LEFT JOIN county_published AS v ON v.county_code = c.county_code AND v.quarter = c.quarter
LEFT JOIN (
    SELECT ref_area, quarter, park_units, va_ytd_fen, output_units, register_units
    FROM area_sum
    WHERE level = 'county'
) AS s
    ON s.ref_area = c.county_code AND s.quarter = c.quarter
LEFT JOIN (SELECT county_code, COUNT(county_code) AS codes FROM directly_administered GROUP BY county_code) AS d
    ON d.county_code = c.county_code
