-- One row for each division and year. Of: the registers.
-- Value-added rates by division and year.
SELECT CAST(industry_division AS BIGINT) AS division, year_start, rate_e4 FROM value_added_rate
