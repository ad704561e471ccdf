-- One row for each park and quarter. Of: the registers.
-- The code and the name that each park has in each quarter: `park_number` is one for all the codes that a park had.
SELECT n.park_number, c.quarter, p.park_code, p.park_name
FROM park AS p
INNER JOIN calendar AS c ON c.quarter >= p.from_quarter AND c.quarter <= p.to_quarter
INNER JOIN park_number AS n ON n.park_code = p.park_code
