-- The year-to-date figures of each enterprise and year side by side: quarters 1 to 4. Where it is, and its division, are
-- of each quarter; covered_from is the first quarter of the year in which it was on the register.
SELECT
    unit_year,
    MIN(quarter - MOD(quarter, 4)) AS year_start,
    MIN(GREATEST(quarter - MOD(quarter, 4), first_quarter)) AS covered_from,
    MAX(CASE WHEN MOD(quarter, 4) = 0 THEN park_number END) AS park_1,
    MAX(CASE WHEN MOD(quarter, 4) = 0 THEN finance_division END) AS division_1,
    MAX(CASE WHEN MOD(quarter, 4) = 0 THEN tax_ytd_fen END) AS tax_1,
    MAX(CASE WHEN MOD(quarter, 4) = 0 THEN va_ytd_fen END) AS va_1,
    MAX(CASE WHEN MOD(quarter, 4) = 0 THEN revenue_ytd_fen END) AS revenue_1,
    MAX(CASE WHEN MOD(quarter, 4) = 0 THEN profit_ytd_fen END) AS profit_1,
    MAX(CASE WHEN MOD(quarter, 4) = 1 THEN park_number END) AS park_2,
    MAX(CASE WHEN MOD(quarter, 4) = 1 THEN finance_division END) AS division_2,
    MAX(CASE WHEN MOD(quarter, 4) = 1 THEN tax_ytd_fen END) AS tax_2,
    MAX(CASE WHEN MOD(quarter, 4) = 1 THEN va_ytd_fen END) AS va_2,
    MAX(CASE WHEN MOD(quarter, 4) = 1 THEN revenue_ytd_fen END) AS revenue_2,
    MAX(CASE WHEN MOD(quarter, 4) = 1 THEN profit_ytd_fen END) AS profit_2,
    MAX(CASE WHEN MOD(quarter, 4) = 2 THEN park_number END) AS park_3,
    MAX(CASE WHEN MOD(quarter, 4) = 2 THEN finance_division END) AS division_3,
    MAX(CASE WHEN MOD(quarter, 4) = 2 THEN tax_ytd_fen END) AS tax_3,
    MAX(CASE WHEN MOD(quarter, 4) = 2 THEN va_ytd_fen END) AS va_3,
    MAX(CASE WHEN MOD(quarter, 4) = 2 THEN revenue_ytd_fen END) AS revenue_3,
    MAX(CASE WHEN MOD(quarter, 4) = 2 THEN profit_ytd_fen END) AS profit_3,
    MAX(CASE WHEN MOD(quarter, 4) = 3 THEN park_number END) AS park_4,
    MAX(CASE WHEN MOD(quarter, 4) = 3 THEN finance_division END) AS division_4,
    MAX(CASE WHEN MOD(quarter, 4) = 3 THEN tax_ytd_fen END) AS tax_4,
    MAX(CASE WHEN MOD(quarter, 4) = 3 THEN va_ytd_fen END) AS va_4,
    MAX(CASE WHEN MOD(quarter, 4) = 3 THEN revenue_ytd_fen END) AS revenue_4,
    MAX(CASE WHEN MOD(quarter, 4) = 3 THEN profit_ytd_fen END) AS profit_4
FROM enterprise_quarter
GROUP BY unit_year
