-- One row for each enterprise and quarter. Of: finance, output, tax.
-- What each enterprise did over the four quarters that end with one in which it is on the register: since January +
-- last year − since January a year ago (METHODS 2.2). A sum stands only where all of its parts were reported; where the
-- figure of a year ago was not, this quarter's form says it again, and may say another one: that is counted
-- (`is_…_retold`), unless the enterprise was not on the register yet and had nothing to report. An enterprise that came
-- onto the register after the turn of the year counts from January, as it reports (`is_part_year`): its year before was
-- no one's to report. One that was off the register in between has no sum: what it did is reported in part only.
SELECT
    e.unit_quarter,
    e.quarter,
    e.park_number,
    e.finance_division,
    CASE
        WHEN MOD(e.quarter, 4) < 3 AND e.first_quarter >= e.year_start THEN CAST(1 AS BIGINT)
        ELSE CAST(0 AS BIGINT)
    END AS is_part_year,
    CASE
        WHEN MOD(e.quarter, 4) = 3 OR e.first_quarter >= e.year_start THEN e.tax_ytd_fen
        ELSE e.tax_ytd_fen + y.tax_ytd_fen - COALESCE(b.tax_ytd_fen, e.tax_prior_ytd_fen)
    END AS tax_ttm_fen,
    CASE
        WHEN e.has_year_ago = 1 AND b.tax_ytd_fen IS NULL THEN CAST(1 AS BIGINT)
        ELSE CAST(0 AS BIGINT)
    END AS is_tax_retold,
    CASE
        WHEN MOD(e.quarter, 4) = 3 OR e.first_quarter >= e.year_start THEN e.va_ytd_fen
        ELSE e.va_ytd_fen + y.va_ytd_fen - COALESCE(b.va_ytd_fen, e.va_prior_ytd_fen)
    END AS va_ttm_fen,
    CASE
        WHEN MOD(e.quarter, 4) = 3 OR e.first_quarter >= e.year_start THEN e.revenue_ytd_fen
        ELSE e.revenue_ytd_fen + y.revenue_ytd_fen - COALESCE(b.revenue_ytd_fen, e.revenue_prior_ytd_fen)
    END AS revenue_ttm_fen,
    CASE
        WHEN e.has_year_ago = 1 AND b.revenue_ytd_fen IS NULL THEN CAST(1 AS BIGINT)
        ELSE CAST(0 AS BIGINT)
    END AS is_revenue_retold,
    CASE
        WHEN MOD(e.quarter, 4) = 3 OR e.first_quarter >= e.year_start THEN e.profit_ytd_fen
        ELSE e.profit_ytd_fen + y.profit_ytd_fen - COALESCE(b.profit_ytd_fen, e.profit_prior_ytd_fen)
    END AS profit_ttm_fen,
    CASE
        WHEN e.has_year_ago = 1 AND b.profit_ytd_fen IS NULL THEN CAST(1 AS BIGINT)
        ELSE CAST(0 AS BIGINT)
    END AS is_profit_retold
FROM (
    SELECT
        *,
        quarter - MOD(quarter, 4) AS year_start,
        unit_quarter - MOD(quarter, 4) - 1 AS last_of_year_before,
        unit_quarter - 4 AS year_before,
        CASE WHEN MOD(quarter, 4) < 3 AND first_quarter <= quarter - 4 THEN 1 ELSE 0 END AS has_year_ago
    FROM enterprise_quarter
) AS e
LEFT JOIN enterprise_quarter AS y ON y.unit_quarter = e.last_of_year_before
LEFT JOIN enterprise_quarter AS b ON b.unit_quarter = e.year_before
