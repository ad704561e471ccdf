-- One row for each cluster, park, division and quarter. Of: the registers.
-- The (park, division) pairs of each cluster in each quarter. A park that the register names by a code of another time
-- is the one that it was or became then, and one that it names by two codes is in it once.
SELECT m.cluster_code, m.cluster_name, s.park_number, CAST(m.industry_division AS BIGINT) AS division, c.quarter
FROM cluster_member AS m
INNER JOIN park_succession AS s ON s.park_code = m.park_code
INNER JOIN calendar AS c ON c.quarter >= s.from_quarter AND c.quarter <= s.to_quarter
GROUP BY m.cluster_code, m.cluster_name, s.park_number, CAST(m.industry_division AS BIGINT), c.quarter
