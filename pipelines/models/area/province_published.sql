-- One row for each quarter. Of: province_series.
-- The province's own published industrial value added (year to date) and its real growth.
SELECT
    quarter,
    MAX(value) FILTER (WHERE indicator = 'industrial_value_added_ytd') AS province_va_ytd_fen,
    MAX(value) FILTER (WHERE indicator = 'industrial_value_added_growth_ytd') AS province_growth_micro
FROM province_series
GROUP BY quarter
