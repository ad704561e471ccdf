-- One row for each park and quarter. Of: emission, meter, tax, tax_filing, unit_land.
-- Enterprises of each park that are on the register for more than four quarters, and those of them whose administrative
-- records have no hole: tax, filing and metered energy over four quarters, and emissions of those that the environment
-- department lists, listed in the quarter before, or a year before. Who holds no land or emits nothing has no hole.
-- `record_retold_units` are those whose tax or emissions of a year ago are only told by this year's filing.
SELECT
    v.park_number,
    v.quarter,
    COUNT(v.unit_number) AS record_expected_units,
    COUNT(CASE
        WHEN v.tax_ttm_fen IS NOT NULL
            AND v.sales_ttm_fen IS NOT NULL
            AND v.metered_ttm_gce IS NOT NULL
            AND (l.unit_quarter IS NULL OR v.emission_ttm_g IS NOT NULL)
            THEN 1
    END) AS record_whole_units,
    SUM(v.is_retold) AS record_retold_units
FROM (
    SELECT
        unit_number,
        unit_number * 65536 + quarter AS unit_quarter,
        park_number,
        quarter,
        tax_ttm_fen,
        sales_ttm_fen,
        metered_ttm_gce,
        emission_ttm_g,
        is_retold
    FROM enterprise_evaluation
    WHERE registered_quarters > 4
    ORDER BY unit_quarter
) AS v
LEFT JOIN emission_expected AS l ON l.unit_quarter = v.unit_quarter
GROUP BY v.park_number, v.quarter
