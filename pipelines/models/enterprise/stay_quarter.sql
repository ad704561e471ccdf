-- One row for each enterprise and quarter. Of: the registers.
-- Where each enterprise on the register is in each quarter: the panel that everything is counted against. A stay is
-- matched by the quarter itself, so an enterprise that moves belongs to each park in its own time. Enterprises are
-- known by unit_number, the organisation code read as a number.
SELECT s.unit_number, c.quarter, n.park_number, f.first_quarter
FROM stay AS s
INNER JOIN calendar AS c ON c.quarter >= s.from_quarter AND c.quarter <= s.to_quarter
INNER JOIN (SELECT unit_number, MIN(from_quarter) AS first_quarter FROM stay GROUP BY unit_number) AS f
    ON f.unit_number = s.unit_number
LEFT JOIN park_number AS n ON n.park_code = s.park_code
