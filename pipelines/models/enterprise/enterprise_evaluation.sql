-- One row for each enterprise of a park and quarter. Of: emission, meter, tax, tax_filing, unit_land.
-- What an enterprise in a park can be classified by: administrative data over the trailing four quarters, so from the
-- fourth quarter of the records on. Year to date + last year − year to date a year ago, which a quarter that was never
-- sent only stops where it is one of the three; where the figure of a year ago was never sent, this quarter's filing
-- says it (`is_retold`). Nothing stands where one of the three is missing, nor for an enterprise that is on the
-- register for less than four quarters.
SELECT
    a.unit_number, a.park_number, a.quarter, a.quarter - a.first_quarter + 1 AS registered_quarters,
    a.division, a.insured_persons, l.land_micromu,
    four_quarters_retold(a.span, a.tax_ytd_fen, y.tax_ytd_fen, b.tax_ytd_fen, a.tax_prior_ytd_fen) AS tax_ttm_fen,
    four_quarters(a.span, a.sales_ytd_fen, y.sales_ytd_fen, b.sales_ytd_fen) AS sales_ttm_fen,
    four_quarters(a.span, a.income_va_ytd_fen, y.income_va_ytd_fen, b.income_va_ytd_fen) AS income_va_ttm_fen,
    four_quarters(
        a.span, a.research_deduction_ytd_fen, y.research_deduction_ytd_fen, b.research_deduction_ytd_fen
    ) AS research_ttm_fen,
    four_quarters(a.span, a.metered_ytd_gce, y.metered_ytd_gce, b.metered_ytd_gce) AS metered_ttm_gce,
    four_quarters_retold(
        a.span, a.emission_ytd_g, y.emission_ytd_g, b.emission_ytd_g, a.emission_prior_ytd_g
    ) AS emission_ttm_g,
    flag(
        MOD(a.quarter, 4) < 3 AND a.first_quarter <= a.quarter - 4
        AND ((b.tax_ytd_fen IS NULL AND a.tax_prior_ytd_fen IS NOT NULL)
            OR (b.emission_ytd_g IS NULL AND a.emission_prior_ytd_g IS NOT NULL))
    ) AS is_retold
FROM administrative_quarter AS a
LEFT JOIN administrative_quarter AS y ON y.unit_number = a.unit_number AND y.quarter = year_start(a.quarter) - 1
LEFT JOIN administrative_quarter AS b ON b.unit_number = a.unit_number AND b.quarter = a.quarter - 4
LEFT JOIN held_land AS l ON l.unit_number = a.unit_number AND l.quarter = a.quarter
WHERE a.park_number IS NOT NULL
