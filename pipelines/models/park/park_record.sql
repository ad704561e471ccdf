-- One row for each park and quarter. Of: emission, meter, tax, tax_filing, unit_land.
-- Enterprises of each park that are on the register for more than four quarters, and those of them whose administrative
-- records have no hole: tax, filing and metered energy over four quarters, and emissions of those that the environment
-- department lists, listed in the quarter before, or a year before. Who holds no land or emits nothing has no hole.
-- `record_retold_units` are those whose tax or emissions of a year ago are only told by this year's filing.
SELECT
    v.park_number, v.quarter,
    COUNT(*) AS record_expected_units,
    COUNT(*) FILTER (
        WHERE both_known(v.tax_ttm_fen, v.sales_ttm_fen) AND v.metered_ttm_gce IS NOT NULL
            AND (l.quarter IS NULL OR v.emission_ttm_g IS NOT NULL)
    ) AS record_whole_units,
    SUM(v.is_retold) AS record_retold_units
FROM enterprise_evaluation AS v
LEFT JOIN emission_expected AS l ON l.unit_number = v.unit_number AND l.quarter = v.quarter
WHERE v.registered_quarters > 4
GROUP BY v.park_number, v.quarter
