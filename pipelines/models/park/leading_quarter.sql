-- One row for each park, leading division and quarter. Of: the registers.
-- The leading divisions of each park in each quarter of their validity: of the park that has the code, or that it
-- became.
SELECT s.park_number, CAST(i.industry_division AS BIGINT) AS division, c.quarter, COUNT(i.park_code) AS entries
FROM leading_industry AS i
INNER JOIN park_succession AS s ON s.park_code = i.park_code
INNER JOIN calendar AS c ON c.quarter >= i.from_quarter AND c.quarter <= i.to_quarter
WHERE c.quarter >= s.from_quarter AND c.quarter <= s.to_quarter
GROUP BY s.park_number, CAST(i.industry_division AS BIGINT), c.quarter
