-- One row for each enterprise of a park, category and quarter. Of: finance, output, recognition.
-- What each enterprise holds at the end of each quarter, by category, and how often.
SELECT
    q.unit_number, q.quarter, r.category,
    MIN(q.park_number) AS park_number,
    MIN(q.filed_finance) AS filed_finance,
    MIN(q.va_ytd_fen) AS va_ytd_fen,
    COUNT(*) AS entries
FROM recognition AS r
INNER JOIN enterprise_quarter AS q ON q.unit_number = r.unit_number
WHERE q.park_number IS NOT NULL AND r.awarded_quarter <= q.quarter
    AND (r.revoked_quarter IS NULL OR r.revoked_quarter > q.quarter)
GROUP BY q.unit_number, q.quarter, r.category
