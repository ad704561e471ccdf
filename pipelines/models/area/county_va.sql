-- One row for each county and quarter. Of: county_series, output.
-- Published value added of each county beside that of its parks. A county that is published and has no park counts with
-- none; one whose parks have no value added, or that has no figure, is left out of both.
SELECT
    c.county_code, c.city_code, CASE WHEN d.county_code IS NULL THEN c.city_code END AS city_net_code, c.quarter,
    flag(v.county_va_ytd_fen IS NOT NULL AND (s.park_units IS NULL OR s.va_ytd_fen IS NOT NULL)) AS is_whole,
    v.county_va_ytd_fen,
    or_zero(s.va_ytd_fen) AS parks_va_ytd_fen,
    or_zero(s.output_units) AS output_units,
    or_zero(s.register_units) AS register_units
FROM county_expected AS c
LEFT JOIN county_published AS v ON v.county_code = c.county_code AND v.quarter = c.quarter
LEFT JOIN (SELECT * FROM area_sum WHERE level = 'county') AS s ON s.ref_area = c.county_code AND s.quarter = c.quarter
LEFT JOIN (SELECT county_code FROM directly_administered GROUP BY county_code) AS d ON d.county_code = c.county_code
