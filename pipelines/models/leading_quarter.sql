-- The leading divisions of each park in each quarter of their validity.
SELECT n.park_number, CAST(i.industry_division AS BIGINT) AS division, c.quarter, CAST(COUNT(i.park_code) AS BIGINT) AS entries
FROM leading_industry AS i
INNER JOIN calendar AS c ON c.quarter >= i.from_quarter AND c.quarter <= i.to_quarter
INNER JOIN park_number AS n ON n.park_code = i.park_code
GROUP BY n.park_number, CAST(i.industry_division AS BIGINT), c.quarter
