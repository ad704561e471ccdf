-- Trailing four quarters of each park.
SELECT
    park_number,
    quarter,
    SUM(CASE WHEN measure = 'tax' THEN ttm_fen END) AS tax_ttm_fen,
    SUM(CASE WHEN measure = 'va' THEN ttm_fen END) AS va_ttm_fen,
    SUM(CASE WHEN measure = 'profit' THEN ttm_fen END) AS profit_ttm_fen,
    SUM(CASE WHEN measure = 'revenue' THEN ttm_fen END) AS revenue_ttm_fen
FROM park_division_ttm
GROUP BY park_number, quarter
