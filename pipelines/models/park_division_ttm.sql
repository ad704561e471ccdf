-- Trailing four quarters for each park, and of revenue for each division: the increments whose whole span lies in the four
-- quarters that end with this one.
SELECT
    i.measure,
    i.park_number,
    i.division,
    w.window_quarter AS quarter,
    SUM(i.increment_fen) AS ttm_fen
FROM park_increment AS i
INNER JOIN trailing_window AS w ON w.quarter = i.quarter
WHERE i.span_from_quarter >= w.window_quarter - 3
GROUP BY i.measure, i.park_number, i.division, w.window_quarter
