-- A number for each park, so that the large tables join and group on integers.
SELECT park_code, ROW_NUMBER() OVER (ORDER BY park_code) AS park_number
FROM (SELECT park_code FROM park GROUP BY park_code) AS p
