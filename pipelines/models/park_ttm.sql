-- Trailing four quarters of each park.
SELECT
    park_code,
    quarter,
    SUM(tax_ttm_fen) AS tax_ttm_fen,
    SUM(va_ttm_fen) AS va_ttm_fen,
    SUM(revenue_ttm_fen) AS revenue_ttm_fen
FROM park_division_ttm
GROUP BY park_code, quarter
