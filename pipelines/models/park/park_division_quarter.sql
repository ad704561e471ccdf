-- One row for each park, division and quarter. Of: energy, output, producer_price.
-- Value added and energy for each park, division and quarter, on the scopes that growth and intensity need, and value
-- added at prices of the same period of last year (single deflation by division, METHODS 2.3). A division without a
-- price index leaves both sides of every growth and intensity, and so does one whose index is null or not above zero;
-- the unit counts say how much is left.
SELECT
    d.*,
    at_last_years_prices(d.va_growth_ytd_fen, x.index_micro) AS va_growth_const_microyuan,
    at_last_years_prices(d.va_energy_ytd_fen, x.index_micro) AS va_energy_const_microyuan,
    at_last_years_prices(d.va_scope_ytd_fen, x.index_micro) AS va_scope_const_microyuan
FROM park_division_sum AS d
INNER JOIN price_index AS x ON x.division = d.division AND x.quarter = d.quarter
