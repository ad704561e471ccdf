-- The same, summed for each park.
SELECT
    park_number,
    quarter,
    CAST(SUM(growth_units) AS BIGINT) AS growth_units,
    CAST(SUM(va_growth_prior_fen) AS BIGINT) AS va_growth_prior_fen,
    CAST(SUM(va_growth_const_microyuan) AS BIGINT) AS va_growth_const_microyuan,
    CAST(SUM(energy_units) AS BIGINT) AS energy_units,
    CAST(SUM(energy_ytd_gce) AS BIGINT) AS energy_ytd_gce,
    CAST(SUM(va_energy_const_microyuan) AS BIGINT) AS va_energy_const_microyuan,
    CAST(SUM(scope_units) AS BIGINT) AS scope_units,
    CAST(SUM(energy_scope_ytd_gce) AS BIGINT) AS energy_scope_ytd_gce,
    CAST(SUM(energy_scope_prior_gce) AS BIGINT) AS energy_scope_prior_gce,
    CAST(SUM(va_scope_prior_fen) AS BIGINT) AS va_scope_prior_fen,
    CAST(SUM(va_scope_const_microyuan) AS BIGINT) AS va_scope_const_microyuan
FROM park_division_quarter
GROUP BY park_number, quarter
