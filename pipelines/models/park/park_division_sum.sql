-- One row for each park, division and quarter. Of: energy, output.
-- Value added and energy of each park and division of output, on the scopes that growth and intensity need: of
-- enterprises with value added of both years, with value added and energy, and with both of both years.
SELECT
    park_number, quarter, output_division AS division,
    COUNT(va_ytd_fen) AS output_units,
    SUM(va_ytd_fen) AS va_ytd_fen,
    COUNT(*) FILTER (WHERE has_growth) AS growth_units,
    SUM(va_ytd_fen) FILTER (WHERE has_growth) AS va_growth_ytd_fen,
    SUM(va_prior_ytd_fen) FILTER (WHERE has_growth) AS va_growth_prior_fen,
    COUNT(*) FILTER (WHERE has_energy) AS energy_units,
    SUM(va_ytd_fen) FILTER (WHERE has_energy) AS va_energy_ytd_fen,
    SUM(energy_ytd_gce) FILTER (WHERE has_energy) AS energy_ytd_gce,
    COUNT(*) FILTER (WHERE has_all) AS scope_units,
    SUM(va_ytd_fen) FILTER (WHERE has_all) AS va_scope_ytd_fen,
    SUM(va_prior_ytd_fen) FILTER (WHERE has_all) AS va_scope_prior_fen,
    SUM(energy_ytd_gce) FILTER (WHERE has_all) AS energy_scope_ytd_gce,
    SUM(energy_prior_ytd_gce) FILTER (WHERE has_all) AS energy_scope_prior_gce
FROM (
    SELECT
        *,
        both_known(va_ytd_fen, va_prior_ytd_fen) AS has_growth,
        both_known(va_ytd_fen, energy_ytd_gce) AS has_energy,
        both_known(va_ytd_fen, va_prior_ytd_fen) AND both_known(energy_ytd_gce, energy_prior_ytd_gce) AS has_all
    FROM enterprise_quarter
    WHERE park_number IS NOT NULL AND output_division IS NOT NULL
) AS e
GROUP BY park_number, quarter, output_division
