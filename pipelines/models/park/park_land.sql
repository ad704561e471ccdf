-- One row for each park and quarter. Of: land_parcel.
-- Industrial land of each park on the last day of each quarter: parcels granted by then and not taken back. A ledger
-- may name a park by a code of another time: its land is that of the park which it was or became then.
SELECT s.park_number, l.quarter, SUM(l.land_micromu) AS land_micromu
FROM (
    SELECT p.park_code, c.quarter, SUM(p.area_micromu) AS land_micromu
    FROM land_parcel AS p
    INNER JOIN calendar AS c ON p.granted_quarter <= c.quarter
    WHERE p.land_use = '工业用地' AND (p.returned_quarter IS NULL OR p.returned_quarter > c.quarter)
    GROUP BY p.park_code, c.quarter
) AS l
INNER JOIN park_succession AS s ON s.park_code = l.park_code
WHERE l.quarter >= s.from_quarter AND l.quarter <= s.to_quarter
GROUP BY s.park_number, l.quarter
