-- Each quarter with the quarters whose trailing four it belongs to. The first three quarters of the records have none.
SELECT q.quarter, t.quarter AS window_quarter
FROM calendar AS q CROSS JOIN calendar AS t
WHERE t.quarter >= q.quarter AND t.quarter <= q.quarter + 3 AND t.quarter >= t.first_quarter + 3
