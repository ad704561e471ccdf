-- One row for each county and quarter. Of: county_series.
-- Published value added of each county and county-level city since January, under the code that holds now. What is a
-- county follows from the code of the time: its last two digits are 21 to 70 or 81 and more, or it lies in no
-- prefecture (41 90 ..); districts and functional zones are none. Counties that later became one are taken together
-- only where all of them are there, and no county by two of its codes.
SELECT
    p.current_code AS county_code, p.quarter,
    CASE WHEN SUBSTR(p.current_code, 3, 2) = '90' THEN p.current_code
        ELSE SUBSTR(p.current_code, 1, 4) || '00' END AS city_code,
    CASE WHEN p.rows_given = p.rows_known AND p.rows_given = p.siblings THEN p.county_va_ytd_fen END
        AS county_va_ytd_fen
FROM (
    SELECT
        r.current_code, s.quarter,
        COUNT(*) AS rows_given,
        COUNT(s.county_va_ytd_fen) AS rows_known,
        MAX(r.siblings) AS siblings,
        SUM(s.county_va_ytd_fen) AS county_va_ytd_fen
    FROM (SELECT *, CAST(SUBSTR(region_code, 5, 2) AS BIGINT) AS of_prefecture FROM county_series) AS s
    INNER JOIN region AS r ON r.region_code = s.region_code
    WHERE SUBSTR(s.region_code, 3, 2) = '90' OR s.of_prefecture >= 81
        OR (s.of_prefecture >= 21 AND s.of_prefecture <= 70)
    GROUP BY r.current_code, s.quarter
) AS p
