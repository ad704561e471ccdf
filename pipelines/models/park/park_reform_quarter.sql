-- One row for each park and quarter. Of: land_parcel, park_form, park_reform.
-- What park administrations report of construction and reform, beside what form JJQ201 and the land ledger say of the
-- same park.
SELECT n.park_number, r.*, f.employees_all_persons, l.land_micromu AS industrial_land_micromu
FROM park_reform AS r
INNER JOIN park_number AS n ON n.park_code = r.park_code
LEFT JOIN park_form AS f ON f.park_code = r.park_code AND f.quarter = r.quarter
LEFT JOIN park_land AS l ON l.park_number = n.park_number AND l.quarter = r.quarter
