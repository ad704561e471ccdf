-- One row for each county and quarter. Of: county_series.
-- The counties whose value added should be published for a quarter: those that are, or were in one of the three
-- quarters before.
SELECT e.county_code, e.city_code, e.quarter
FROM (
    SELECT p.county_code, MIN(p.city_code) AS city_code, c.quarter
    FROM county_published AS p
    INNER JOIN calendar AS c ON c.quarter >= p.quarter AND c.quarter <= p.quarter + 3
    GROUP BY p.county_code, c.quarter
) AS e
INNER JOIN (SELECT quarter FROM county_published GROUP BY quarter) AS q ON q.quarter = e.quarter
