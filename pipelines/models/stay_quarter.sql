-- Where each enterprise on the register is in each quarter: the panel that everything is counted against.
-- A stay is matched by the quarter itself, so an enterprise that moves belongs to each park in its own time.
SELECT
    s.unit_code,
    c.quarter,
    s.park_code,
    f.first_quarter
FROM stay AS s
INNER JOIN calendar AS c
    ON c.quarter >= s.from_quarter AND c.quarter <= s.to_quarter
INNER JOIN (SELECT unit_code, MIN(from_quarter) AS first_quarter FROM stay GROUP BY unit_code) AS f
    ON f.unit_code = s.unit_code
