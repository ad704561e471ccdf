-- One row for each enterprise of a park and quarter. Of: emission, meter, tax, tax_filing, unit_land.
-- What an enterprise in a park can be classified by: administrative data over the trailing four quarters, so from the
-- fourth quarter of the records on. Year to date + last year − year to date a year ago, which a quarter that was never
-- sent only stops where it is one of the three; where the figure of a year ago was never sent, this quarter's filing
-- says it (`is_retold`). Nothing stands where one of the three is missing, nor for an enterprise that is on the
-- register for less than four quarters.
SELECT
    a.unit_number,
    a.park_number,
    a.quarter,
    a.quarter - a.first_quarter + 1 AS registered_quarters,
    a.division,
    l.land_micromu,
    CASE
        WHEN a.first_quarter > a.quarter - 3 THEN NULL
        WHEN MOD(a.quarter, 4) = 3 THEN a.tax_ytd_fen
        ELSE a.tax_ytd_fen + y.tax_ytd_fen - COALESCE(b.tax_ytd_fen, a.tax_prior_ytd_fen)
    END AS tax_ttm_fen,
    CASE
        WHEN a.first_quarter > a.quarter - 3 THEN NULL
        WHEN MOD(a.quarter, 4) = 3 THEN a.sales_ytd_fen
        ELSE a.sales_ytd_fen + y.sales_ytd_fen - b.sales_ytd_fen
    END AS sales_ttm_fen,
    CASE
        WHEN a.first_quarter > a.quarter - 3 THEN NULL
        WHEN MOD(a.quarter, 4) = 3 THEN a.income_va_ytd_fen
        ELSE a.income_va_ytd_fen + y.income_va_ytd_fen - b.income_va_ytd_fen
    END AS income_va_ttm_fen,
    CASE
        WHEN a.first_quarter > a.quarter - 3 THEN NULL
        WHEN MOD(a.quarter, 4) = 3 THEN a.research_deduction_ytd_fen
        ELSE a.research_deduction_ytd_fen + y.research_deduction_ytd_fen - b.research_deduction_ytd_fen
    END AS research_ttm_fen,
    CASE
        WHEN a.first_quarter > a.quarter - 3 THEN NULL
        WHEN MOD(a.quarter, 4) = 3 THEN a.metered_ytd_gce
        ELSE a.metered_ytd_gce + y.metered_ytd_gce - b.metered_ytd_gce
    END AS metered_ttm_gce,
    CASE
        WHEN a.first_quarter > a.quarter - 3 THEN NULL
        WHEN MOD(a.quarter, 4) = 3 THEN a.emission_ytd_g
        ELSE a.emission_ytd_g + y.emission_ytd_g - COALESCE(b.emission_ytd_g, a.emission_prior_ytd_g)
    END AS emission_ttm_g,
    a.insured_persons,
    CASE
        WHEN MOD(a.quarter, 4) < 3
            AND a.first_quarter <= a.quarter - 4
            AND (
                (b.tax_ytd_fen IS NULL AND a.tax_prior_ytd_fen IS NOT NULL)
                    OR (b.emission_ytd_g IS NULL AND a.emission_prior_ytd_g IS NOT NULL)
            )
            THEN CAST(1 AS BIGINT)
        ELSE CAST(0 AS BIGINT)
    END AS is_retold
FROM administrative_quarter AS a
LEFT JOIN administrative_quarter AS y ON y.unit_quarter = a.last_of_year_before
LEFT JOIN administrative_quarter AS b ON b.unit_quarter = a.year_before
LEFT JOIN held_land AS l ON l.unit_quarter = a.unit_quarter
WHERE a.park_number IS NOT NULL
