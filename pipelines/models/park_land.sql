-- Industrial land of each park on the last day of each quarter: parcels granted by then and not taken back.
SELECT
    l.park_code,
    c.quarter,
    SUM(l.area_micromu) AS land_micromu
FROM land_parcel AS l
INNER JOIN calendar AS c ON l.granted_quarter <= c.quarter
WHERE l.land_use = '工业用地' AND (l.returned_quarter IS NULL OR l.returned_quarter > c.quarter)
GROUP BY l.park_code, c.quarter
