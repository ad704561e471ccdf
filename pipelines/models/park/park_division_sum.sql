-- One row for each park, division and quarter. Of: energy, output.
-- Value added and energy of each park and division of output, on the scopes that growth and intensity need. A group has
-- one number: its park, quarter and division.
SELECT
    MIN(park_number) AS park_number,
    MIN(output_division) AS division,
    MIN(quarter) AS quarter,
    COUNT(va_ytd_fen) AS output_units,
    SUM(va_ytd_fen) AS va_ytd_fen,
    COUNT(CASE WHEN va_ytd_fen IS NOT NULL AND va_prior_ytd_fen IS NOT NULL THEN 1 END) AS growth_units,
    SUM(CASE WHEN va_prior_ytd_fen IS NOT NULL THEN va_ytd_fen END) AS va_growth_ytd_fen,
    SUM(CASE WHEN va_ytd_fen IS NOT NULL THEN va_prior_ytd_fen END) AS va_growth_prior_fen,
    COUNT(CASE WHEN va_ytd_fen IS NOT NULL AND energy_ytd_gce IS NOT NULL THEN 1 END) AS energy_units,
    SUM(CASE WHEN energy_ytd_gce IS NOT NULL THEN va_ytd_fen END) AS va_energy_ytd_fen,
    SUM(CASE WHEN va_ytd_fen IS NOT NULL THEN energy_ytd_gce END) AS energy_ytd_gce,
    COUNT(CASE
        WHEN va_ytd_fen IS NOT NULL
            AND va_prior_ytd_fen IS NOT NULL
            AND energy_ytd_gce IS NOT NULL
            AND energy_prior_ytd_gce IS NOT NULL
            THEN 1
    END) AS scope_units,
    SUM(CASE
        WHEN va_prior_ytd_fen IS NOT NULL AND energy_ytd_gce IS NOT NULL AND energy_prior_ytd_gce IS NOT NULL
            THEN va_ytd_fen
    END) AS va_scope_ytd_fen,
    SUM(CASE
        WHEN va_ytd_fen IS NOT NULL AND energy_ytd_gce IS NOT NULL AND energy_prior_ytd_gce IS NOT NULL
            THEN va_prior_ytd_fen
    END) AS va_scope_prior_fen,
    SUM(CASE
        WHEN va_ytd_fen IS NOT NULL AND va_prior_ytd_fen IS NOT NULL AND energy_prior_ytd_gce IS NOT NULL
            THEN energy_ytd_gce
    END) AS energy_scope_ytd_gce,
    SUM(CASE
        WHEN va_ytd_fen IS NOT NULL AND va_prior_ytd_fen IS NOT NULL AND energy_ytd_gce IS NOT NULL
            THEN energy_prior_ytd_gce
    END) AS energy_scope_prior_gce
FROM enterprise_quarter
WHERE park_number IS NOT NULL AND output_division IS NOT NULL
GROUP BY park_quarter * 128 + output_division
