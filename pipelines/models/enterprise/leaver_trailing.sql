-- One row for each enterprise that left and quarter. Of: finance, output, tax.
-- What enterprises that left did in the part of the four quarters in which they were on the register: up to their last
-- report, less what they had reported before the four began. Where they came within the four as well, what they did
-- before is not known apart. They count in the park in which they were last, or in the one that it became.
SELECT
    l.unit_quarter,
    l.quarter,
    h.park_number,
    r.finance_division,
    CASE
        WHEN r.quarter < l.year_start THEN r.tax_ytd_fen - b.tax_ytd_fen
        WHEN MOD(l.quarter, 4) = 3 OR r.first_quarter >= l.year_start THEN r.tax_ytd_fen
        ELSE r.tax_ytd_fen + y.tax_ytd_fen - b.tax_ytd_fen
    END AS tax_ttm_fen,
    CASE
        WHEN r.quarter < l.year_start THEN r.va_ytd_fen - b.va_ytd_fen
        WHEN MOD(l.quarter, 4) = 3 OR r.first_quarter >= l.year_start THEN r.va_ytd_fen
        ELSE r.va_ytd_fen + y.va_ytd_fen - b.va_ytd_fen
    END AS va_ttm_fen,
    CASE
        WHEN r.quarter < l.year_start THEN r.revenue_ytd_fen - b.revenue_ytd_fen
        WHEN MOD(l.quarter, 4) = 3 OR r.first_quarter >= l.year_start THEN r.revenue_ytd_fen
        ELSE r.revenue_ytd_fen + y.revenue_ytd_fen - b.revenue_ytd_fen
    END AS revenue_ttm_fen,
    CASE
        WHEN r.quarter < l.year_start THEN r.profit_ytd_fen - b.profit_ytd_fen
        WHEN MOD(l.quarter, 4) = 3 OR r.first_quarter >= l.year_start THEN r.profit_ytd_fen
        ELSE r.profit_ytd_fen + y.profit_ytd_fen - b.profit_ytd_fen
    END AS profit_ttm_fen
FROM leaver_quarter AS l
INNER JOIN enterprise_quarter AS r ON r.unit_quarter = l.last_unit_quarter
INNER JOIN park_heir AS h ON h.was_number = r.park_number
LEFT JOIN enterprise_quarter AS y ON y.unit_quarter = l.last_of_year_before
LEFT JOIN enterprise_quarter AS b ON b.unit_quarter = l.year_before
WHERE l.quarter >= h.from_quarter AND l.quarter <= h.to_quarter
