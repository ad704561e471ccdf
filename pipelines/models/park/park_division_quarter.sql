-- One row for each park, division and quarter. Of: energy, output, producer_price.
-- Value added and energy for each park, division and quarter, on the scopes that growth and intensity need, and value
-- added at prices of the same period of last year (single deflation by division, METHODS 2.3). A division without a
-- price index leaves both sides of every growth and intensity, and so does one whose index is null or not above zero;
-- the unit counts say how much is left.
SELECT
    d.park_number,
    d.division,
    d.quarter,
    d.growth_units,
    d.va_growth_prior_fen,
    CAST(
        CAST(d.va_growth_ytd_fen AS DOUBLE) * 10000000000.0 / CAST(x.index_micro AS DOUBLE) + 0.5 AS BIGINT
    ) AS va_growth_const_microyuan,
    d.energy_units,
    d.energy_ytd_gce,
    CAST(
        CAST(d.va_energy_ytd_fen AS DOUBLE) * 10000000000.0 / CAST(x.index_micro AS DOUBLE) + 0.5 AS BIGINT
    ) AS va_energy_const_microyuan,
    d.scope_units,
    d.energy_scope_ytd_gce,
    d.energy_scope_prior_gce,
    d.va_scope_prior_fen,
    CAST(
        CAST(d.va_scope_ytd_fen AS DOUBLE) * 10000000000.0 / CAST(x.index_micro AS DOUBLE) + 0.5 AS BIGINT
    ) AS va_scope_const_microyuan
FROM park_division_sum AS d
INNER JOIN producer_price AS x ON CAST(x.industry_division AS BIGINT) = d.division AND x.quarter = d.quarter
WHERE x.index_micro > 0
