-- One row for each park and quarter. Of: land_parcel, park_form, park_reform.
-- What park administrations report of construction and reform, beside what form JJQ201 and the land ledger say of the
-- same park.
SELECT
    n.park_number,
    r.quarter,
    r.sub_parks_units,
    r.sub_park_revenue_ytd_fen,
    r.park_revenue_ytd_fen,
    r.green_park,
    r.smart_park,
    r.chemical_led,
    r.central_sewage,
    r.online_monitoring,
    r.committee_company,
    r.operating_company,
    r.remediation,
    r.delegated_powers_units,
    r.market_financing_ytd_fen,
    r.financing_ytd_fen,
    r.high_level_persons,
    r.contracted_ytd_fen,
    r.realised_ytd_fen,
    r.in_place_ytd_fen,
    r.renovation_investment_ytd_fen,
    r.fixed_investment_ytd_fen,
    r.project_investment_fen,
    r.industrial_floor_micromu,
    r.idle_land_micromu,
    f.employees_all_persons,
    l.land_micromu AS industrial_land_micromu
FROM park_reform AS r
INNER JOIN park_number AS n ON n.park_code = r.park_code
LEFT JOIN park_form AS f ON f.park_code = r.park_code AND f.quarter = r.quarter
LEFT JOIN park_land AS l ON l.park_number = n.park_number AND l.quarter = r.quarter
