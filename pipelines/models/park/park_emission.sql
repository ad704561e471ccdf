-- One row for each park, division and quarter. Of: emission, output, producer_price.
-- Emissions of each park, division and quarter, and the value added of the same enterprises at prices of the same
-- period of last year (single deflation by division). Enterprises that are on no list of the environment department are
-- on neither side; a division without a price index above zero has no `index_micro`.
SELECT
    d.*,
    x.index_micro,
    at_last_years_prices(d.va_emission_ytd_fen, x.index_micro) AS va_emission_const_microyuan,
    at_last_years_prices(d.va_emission_scope_ytd_fen, x.index_micro) AS va_emission_scope_const_microyuan
FROM (
    SELECT
        park_number, quarter, division,
        COUNT(*) AS emission_filed_units,
        COUNT(*) FILTER (WHERE has_va) AS emission_units,
        SUM(emission_ytd_g) FILTER (WHERE has_va) AS emission_ytd_g,
        SUM(va_ytd_fen) FILTER (WHERE has_va) AS va_emission_ytd_fen,
        COUNT(*) FILTER (WHERE has_all) AS emission_scope_units,
        SUM(emission_ytd_g) FILTER (WHERE has_all) AS emission_scope_ytd_g,
        SUM(emission_prior_ytd_g) FILTER (WHERE has_all) AS emission_scope_prior_g,
        SUM(va_ytd_fen) FILTER (WHERE has_all) AS va_emission_scope_ytd_fen,
        SUM(va_prior_ytd_fen) FILTER (WHERE has_all) AS va_emission_scope_prior_fen
    FROM (
        SELECT
            s.park_number, s.quarter, v.output_division AS division,
            e.emission_ytd_g, e.emission_prior_ytd_g, v.va_ytd_fen, v.va_prior_ytd_fen,
            both_known(v.va_ytd_fen, e.emission_ytd_g) AS has_va,
            both_known(v.va_ytd_fen, e.emission_ytd_g) AND both_known(v.va_prior_ytd_fen, e.emission_prior_ytd_g)
                AS has_all
        FROM emission_total AS e
        INNER JOIN stay_quarter AS s ON s.unit_number = e.unit_number AND s.quarter = e.quarter
        LEFT JOIN value_added AS v ON v.unit_number = e.unit_number AND v.quarter = e.quarter
        WHERE s.park_number IS NOT NULL
    ) AS u
    GROUP BY park_number, quarter, division
) AS d
LEFT JOIN price_index AS x ON x.division = d.division AND x.quarter = d.quarter
