-- One row for each division and year. Of: the registers.
-- Value-added rates by division and year, under one key.
SELECT CAST(industry_division AS BIGINT) * 65536 + year_start AS division_year, rate_e4
FROM value_added_rate
