-- One row for each park and quarter. Of: the classification.
-- Enterprises of each park by class, for the quarters that were evaluated. A park without an evaluated enterprise has
-- zeros; a method that gives points only has no classes.
SELECT
    p.park_number, p.quarter,
    or_zero(c.evaluated_units) AS evaluated_units,
    CASE WHEN q.classed_units > 0 THEN or_zero(c.class_a_units) END AS class_a_units,
    CASE WHEN q.classed_units > 0 THEN or_zero(c.class_b_units) END AS class_b_units,
    CASE WHEN q.classed_units > 0 THEN or_zero(c.class_c_units) END AS class_c_units,
    CASE WHEN q.classed_units > 0 THEN or_zero(c.class_c_land_micromu) END AS class_c_land_micromu
FROM (SELECT park_number, quarter FROM enterprise_evaluation GROUP BY park_number, quarter) AS p
INNER JOIN (SELECT quarter, COUNT(class) AS classed_units FROM classification GROUP BY quarter) AS q
    ON q.quarter = p.quarter
LEFT JOIN (
    SELECT
        park_number, quarter,
        COUNT(*) AS evaluated_units,
        COUNT(*) FILTER (WHERE class = 'A') AS class_a_units,
        COUNT(*) FILTER (WHERE class = 'B') AS class_b_units,
        COUNT(*) FILTER (WHERE class = 'C') AS class_c_units,
        SUM(land_micromu) FILTER (WHERE class = 'C') AS class_c_land_micromu
    FROM classification
    GROUP BY park_number, quarter
) AS c ON c.park_number = p.park_number AND c.quarter = p.quarter
