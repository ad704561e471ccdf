-- Trailing four quarters of each park: the sums of the enterprises that are in it at the end, whatever park they did it in, and of
-- those that left the register from it. `window_units` are all of them, the other counts those whose sum is known, the
-- `retold` ones those of them that rest on a year ago as this year's form tells it. The records must hold four quarters.
SELECT
    w.park_number,
    w.quarter,
    CAST(SUM(w.window_units) AS BIGINT) AS window_units,
    CAST(SUM(w.part_year_units) AS BIGINT) AS part_year_units,
    CAST(SUM(w.tax_ttm_units) AS BIGINT) AS tax_ttm_units,
    CAST(SUM(w.tax_ttm_retold_units) AS BIGINT) AS tax_ttm_retold_units,
    CAST(SUM(w.tax_ttm_fen) AS BIGINT) AS tax_ttm_fen,
    CAST(SUM(w.va_ttm_units) AS BIGINT) AS va_ttm_units,
    CAST(SUM(w.va_ttm_fen) AS BIGINT) AS va_ttm_fen,
    CAST(SUM(w.revenue_ttm_units) AS BIGINT) AS revenue_ttm_units,
    CAST(SUM(w.revenue_ttm_retold_units) AS BIGINT) AS revenue_ttm_retold_units,
    CAST(SUM(w.revenue_ttm_fen) AS BIGINT) AS revenue_ttm_fen,
    CAST(SUM(w.profit_ttm_units) AS BIGINT) AS profit_ttm_units,
    CAST(SUM(w.profit_ttm_retold_units) AS BIGINT) AS profit_ttm_retold_units,
    CAST(SUM(w.profit_ttm_fen) AS BIGINT) AS profit_ttm_fen
FROM (
    SELECT
        park_number,
        quarter,
        COUNT(unit_quarter) AS window_units,
        SUM(is_part_year) AS part_year_units,
        COUNT(tax_ttm_fen) AS tax_ttm_units,
        CAST(COUNT(CASE WHEN is_tax_retold = 1 THEN tax_ttm_fen END) AS BIGINT) AS tax_ttm_retold_units,
        SUM(tax_ttm_fen) AS tax_ttm_fen,
        COUNT(va_ttm_fen) AS va_ttm_units,
        SUM(va_ttm_fen) AS va_ttm_fen,
        COUNT(revenue_ttm_fen) AS revenue_ttm_units,
        CAST(COUNT(CASE WHEN is_revenue_retold = 1 THEN revenue_ttm_fen END) AS BIGINT) AS revenue_ttm_retold_units,
        SUM(revenue_ttm_fen) AS revenue_ttm_fen,
        COUNT(profit_ttm_fen) AS profit_ttm_units,
        CAST(COUNT(CASE WHEN is_profit_retold = 1 THEN profit_ttm_fen END) AS BIGINT) AS profit_ttm_retold_units,
        SUM(profit_ttm_fen) AS profit_ttm_fen
    FROM enterprise_trailing
    WHERE park_number IS NOT NULL
    GROUP BY park_number, quarter
    UNION ALL
    SELECT
        park_number,
        quarter,
        COUNT(unit_quarter) AS window_units,
        CAST(0 AS BIGINT) AS part_year_units,
        COUNT(tax_ttm_fen) AS tax_ttm_units,
        CAST(0 AS BIGINT) AS tax_ttm_retold_units,
        SUM(tax_ttm_fen) AS tax_ttm_fen,
        COUNT(va_ttm_fen) AS va_ttm_units,
        SUM(va_ttm_fen) AS va_ttm_fen,
        COUNT(revenue_ttm_fen) AS revenue_ttm_units,
        CAST(0 AS BIGINT) AS revenue_ttm_retold_units,
        SUM(revenue_ttm_fen) AS revenue_ttm_fen,
        COUNT(profit_ttm_fen) AS profit_ttm_units,
        CAST(0 AS BIGINT) AS profit_ttm_retold_units,
        SUM(profit_ttm_fen) AS profit_ttm_fen
    FROM leaver_trailing
    WHERE park_number IS NOT NULL
    GROUP BY park_number, quarter
) AS w
INNER JOIN calendar AS c ON c.quarter = w.quarter
WHERE c.quarter >= c.first_quarter + 3
GROUP BY w.park_number, w.quarter
