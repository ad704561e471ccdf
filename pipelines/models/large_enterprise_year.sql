-- The years of the enterprises that may have made 10 billion yuan in four quarters: they once reported a quarter of it since January.
SELECT y.unit_first, y.year_start, y.covered_from, y.revenue_1, y.revenue_2, y.revenue_3, y.revenue_4
FROM (
    SELECT unit_year - year_start AS unit_first, year_start, covered_from, revenue_1, revenue_2, revenue_3, revenue_4
    FROM enterprise_year
) AS y
INNER JOIN (
    SELECT unit_number * 65536 AS unit_first FROM enterprise_quarter
    WHERE revenue_ytd_fen >= 250000000000
    GROUP BY unit_number
) AS c ON c.unit_first = y.unit_first
