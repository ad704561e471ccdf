-- One row for each enterprise and quarter. Of: emission.
-- Emissions of each enterprise and quarter since January: COD, NH3-N, SO2 and NOx together and of the same period
-- of last year as reported now. Where one of the four is missing, the sum is not known.
SELECT
    unit_number, quarter,
    cod_ytd_g + nh3n_ytd_g + so2_ytd_g + nox_ytd_g AS emission_ytd_g,
    cod_prior_ytd_g + nh3n_prior_ytd_g + so2_prior_ytd_g + nox_prior_ytd_g AS emission_prior_ytd_g
FROM emission
