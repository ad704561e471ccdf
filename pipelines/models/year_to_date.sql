-- The figures of enterprises since January, under the keys of the three quarters after. A season is 0 for the first quarter.
SELECT
    MOD(quarter, 4) AS season,
    unit_quarter + 1 AS quarter_after,
    unit_quarter + 2 AS two_after,
    unit_quarter + 3 AS three_after,
    tax_ytd_fen,
    va_ytd_fen,
    revenue_ytd_fen,
    profit_ytd_fen
FROM enterprise_quarter
