-- The city of each park.
SELECT n.park_number, MIN(p.city_code) AS city_code
FROM park AS p INNER JOIN park_number AS n ON n.park_code = p.park_code
GROUP BY n.park_number
