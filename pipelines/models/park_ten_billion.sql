-- Enterprises of each park that filed finance and made at least 10 billion yuan (10^12 fen) over the trailing four quarters.
SELECT park_number, quarter, COUNT(unit_quarter) AS enterprises_10bn_units
FROM enterprise_trailing
WHERE park_number IS NOT NULL AND revenue_ttm_fen >= 1000000000000
GROUP BY park_number, quarter
