-- One row for each park and quarter. Of: emission, output, producer_price.
-- Emissions of each park and quarter, and the value added of the same enterprises at prices of the same period of last
-- year (single deflation by division). Enterprises that are on no list of the environment department are on neither
-- side, nor are those of a division without a price index above zero.
SELECT
    park_number,
    quarter,
    CAST(SUM(emission_filed_units) AS BIGINT) AS emission_filed_units,
    CAST(SUM(emission_units) AS BIGINT) AS emission_units,
    CAST(SUM(emission_ytd_g) AS BIGINT) AS emission_ytd_g,
    CAST(SUM(va_emission_const_microyuan) AS BIGINT) AS va_emission_const_microyuan,
    CAST(SUM(emission_scope_units) AS BIGINT) AS emission_scope_units,
    CAST(SUM(emission_scope_ytd_g) AS BIGINT) AS emission_scope_ytd_g,
    CAST(SUM(emission_scope_prior_g) AS BIGINT) AS emission_scope_prior_g,
    CAST(SUM(va_emission_scope_prior_fen) AS BIGINT) AS va_emission_scope_prior_fen,
    CAST(SUM(va_emission_scope_const_microyuan) AS BIGINT) AS va_emission_scope_const_microyuan
FROM (
    SELECT
        d.park_number,
        d.quarter,
        d.emission_filed_units,
        CASE WHEN x.index_micro > 0 THEN d.emission_units END AS emission_units,
        CASE WHEN x.index_micro > 0 THEN d.emission_ytd_g END AS emission_ytd_g,
        CAST(CAST(d.va_emission_ytd_fen AS DOUBLE) * 10000000000.0 / CASE
            WHEN x.index_micro > 0 THEN CAST(x.index_micro AS DOUBLE)
        END + 0.5 AS BIGINT) AS va_emission_const_microyuan,
        CASE WHEN x.index_micro > 0 THEN d.emission_scope_units END AS emission_scope_units,
        CASE WHEN x.index_micro > 0 THEN d.emission_scope_ytd_g END AS emission_scope_ytd_g,
        CASE WHEN x.index_micro > 0 THEN d.emission_scope_prior_g END AS emission_scope_prior_g,
        CASE WHEN x.index_micro > 0 THEN d.va_emission_scope_prior_fen END AS va_emission_scope_prior_fen,
        CAST(CAST(d.va_emission_scope_ytd_fen AS DOUBLE) * 10000000000.0 / CASE
            WHEN x.index_micro > 0 THEN CAST(x.index_micro AS DOUBLE)
        END + 0.5 AS BIGINT) AS va_emission_scope_const_microyuan
    FROM (
        SELECT
            MIN(s.park_number) AS park_number,
            MIN(v.output_division) AS division,
            MIN(s.quarter) AS quarter,
            COUNT(s.unit_quarter) AS emission_filed_units,
            COUNT(CASE WHEN v.va_ytd_fen IS NOT NULL THEN e.emission_ytd_g END) AS emission_units,
            SUM(CASE WHEN v.va_ytd_fen IS NOT NULL THEN e.emission_ytd_g END) AS emission_ytd_g,
            SUM(CASE WHEN e.emission_ytd_g IS NOT NULL THEN v.va_ytd_fen END) AS va_emission_ytd_fen,
            COUNT(CASE
                WHEN v.va_ytd_fen IS NOT NULL AND v.va_prior_ytd_fen IS NOT NULL AND e.emission_prior_ytd_g IS NOT NULL
                    THEN e.emission_ytd_g
            END) AS emission_scope_units,
            SUM(CASE
                WHEN v.va_ytd_fen IS NOT NULL AND v.va_prior_ytd_fen IS NOT NULL AND e.emission_prior_ytd_g IS NOT NULL
                    THEN e.emission_ytd_g
            END) AS emission_scope_ytd_g,
            SUM(CASE
                WHEN v.va_ytd_fen IS NOT NULL AND v.va_prior_ytd_fen IS NOT NULL AND e.emission_ytd_g IS NOT NULL
                    THEN e.emission_prior_ytd_g
            END) AS emission_scope_prior_g,
            SUM(CASE
                WHEN v.va_prior_ytd_fen IS NOT NULL
                    AND e.emission_ytd_g IS NOT NULL
                    AND e.emission_prior_ytd_g IS NOT NULL
                    THEN v.va_ytd_fen
            END) AS va_emission_scope_ytd_fen,
            SUM(CASE
                WHEN v.va_ytd_fen IS NOT NULL AND e.emission_ytd_g IS NOT NULL AND e.emission_prior_ytd_g IS NOT NULL
                    THEN v.va_prior_ytd_fen
            END) AS va_emission_scope_prior_fen
        FROM emission_total AS e
        INNER JOIN stay_quarter AS s ON s.unit_quarter = e.unit_quarter
        LEFT JOIN value_added AS v ON v.unit_quarter = e.unit_quarter
        WHERE s.park_number IS NOT NULL
        GROUP BY s.park_quarter * 128 + COALESCE(v.output_division, CAST(0 AS BIGINT))
    ) AS d
    LEFT JOIN producer_price AS x ON CAST(x.industry_division AS BIGINT) = d.division AND x.quarter = d.quarter
) AS p
GROUP BY park_number, quarter
