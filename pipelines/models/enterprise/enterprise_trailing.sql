-- One row for each enterprise and quarter. Of: finance, output, tax.
-- What each enterprise did over the four quarters that end with one in which it is on the register, or left within
-- them: since January + last year − since January a year ago (METHODS 2.2). A sum stands only where all of its parts
-- were reported; where the figure of a year ago was not, this quarter's form says it again, and may say another one:
-- that is counted (`is_…_retold`), unless the enterprise was not on the register yet and had nothing to report. What
-- those that left did goes up to their last report; where they came within the four as well, what they did before is
-- not known apart. One that was off the register in between has no sum: what it did is reported in part only.
SELECT
    w.unit_number, w.quarter, w.park_number, w.is_part_year, e.finance_division,
    four_quarters_retold(w.span, e.tax_ytd_fen, y.tax_ytd_fen, b.tax_ytd_fen, e.tax_prior_ytd_fen) AS tax_ttm_fen,
    flag(w.has_year_ago = 1 AND b.tax_ytd_fen IS NULL) AS is_tax_retold,
    four_quarters_retold(w.span, e.va_ytd_fen, y.va_ytd_fen, b.va_ytd_fen, e.va_prior_ytd_fen) AS va_ttm_fen,
    four_quarters_retold(
        w.span, e.revenue_ytd_fen, y.revenue_ytd_fen, b.revenue_ytd_fen, e.revenue_prior_ytd_fen
    ) AS revenue_ttm_fen,
    flag(w.has_year_ago = 1 AND b.revenue_ytd_fen IS NULL) AS is_revenue_retold,
    four_quarters_retold(
        w.span, e.profit_ytd_fen, y.profit_ytd_fen, b.profit_ytd_fen, e.profit_prior_ytd_fen
    ) AS profit_ttm_fen,
    flag(w.has_year_ago = 1 AND b.profit_ytd_fen IS NULL) AS is_profit_retold
FROM enterprise_window AS w
INNER JOIN enterprise_quarter AS e ON e.unit_number = w.unit_number AND e.quarter = w.last_quarter
LEFT JOIN enterprise_quarter AS y ON y.unit_number = w.unit_number AND y.quarter = year_start(w.quarter) - 1
LEFT JOIN enterprise_quarter AS b ON b.unit_number = w.unit_number AND b.quarter = w.quarter - 4
