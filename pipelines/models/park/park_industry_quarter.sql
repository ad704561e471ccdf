-- One row for each park, division and quarter. Of: finance, output.
-- Industries of each park (GB/T 4754 divisions): above-scale enterprises, revenue, value added, share in the park, and
-- location quotient (the division's share in the park over its share in all parks of the province, this park included).
-- Sums of few enterprises: for internal use only.
SELECT
    k.park_code AS ref_area, k.park_name AS ref_area_name, m.division, m.quarter,
    flag(l.entries > 0) AS is_leading,
    m.enterprise_units, m.revenue_ytd_fen, r.revenue_ttm_fen, v.va_ytd_fen,
    quotient(m.revenue_ytd_fen, m.park_revenue_ytd_fen) * 100.0 AS share_in_park_percent,
    quotient(m.revenue_ytd_fen, m.park_revenue_ytd_fen)
        / CASE WHEN d.province_division_ytd_fen > 0
            THEN quotient(d.province_division_ytd_fen, d.province_revenue_ytd_fen) END AS location_quotient
FROM park_industry_ytd AS m
INNER JOIN park_code_quarter AS k ON k.park_number = m.park_number AND k.quarter = m.quarter
INNER JOIN province_industry_ytd AS d ON d.division = m.division AND d.quarter = m.quarter
LEFT JOIN leading_quarter AS l ON l.park_number = m.park_number AND l.division = m.division AND l.quarter = m.quarter
LEFT JOIN park_division_ttm AS r ON r.park_number = m.park_number AND r.division = m.division AND r.quarter = m.quarter
LEFT JOIN park_division_sum AS v ON v.park_number = m.park_number AND v.division = m.division AND v.quarter = m.quarter
