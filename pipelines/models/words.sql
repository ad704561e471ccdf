-- Words of the models, as macros: DuckDB takes this file as it is. The program writes them out before the engine sees
-- them.

-- One where something is so, and else none: to be added.
CREATE MACRO flag(is_so) AS CASE WHEN is_so THEN CAST(1 AS BIGINT) ELSE CAST(0 AS BIGINT) END;
-- None where nothing is there.
CREATE MACRO or_zero(figure) AS COALESCE(figure, CAST(0 AS BIGINT));
CREATE MACRO both_known(one, other) AS one IS NOT NULL AND other IS NOT NULL;
-- A quotient of what is not below zero; of nothing there is none.
CREATE MACRO quotient(over, under) AS CAST(over AS DOUBLE) / CASE WHEN under > 0 THEN CAST(under AS DOUBLE) END;
-- The division of an industry code (GB/T 4754): its first two digits.
CREATE MACRO division_of(industry_code) AS CAST(SUBSTR(industry_code, 1, 2) AS BIGINT);
-- Quarters are year × 4 + quarter − 1.
CREATE MACRO year_start(quarter) AS quarter - MOD(quarter, 4);
-- Fen at prices of the same period of last year, in 10^-6 yuan, rounded once: the index is in millionths.
CREATE MACRO at_last_years_prices(fen, index_micro) AS
    CAST(CAST(fen AS DOUBLE) * 10000000000.0 / CAST(index_micro AS DOUBLE) + 0.5 AS BIGINT);
-- Four quarters from three reports since January: the last one, last year's of December, and the one of a year ago. By
-- where the reports lie: all in this year, all in the last one (who left then), or in both.
CREATE MACRO four_quarters(span, now, last_year, year_ago) AS CASE span
    WHEN 'this year' THEN now
    WHEN 'last year' THEN now - year_ago
    WHEN 'both years' THEN now + last_year - year_ago
    WHEN 'both years, left' THEN now + last_year - year_ago
END;
-- Likewise; where the report of a year ago was never sent, this quarter's says it again.
CREATE MACRO four_quarters_retold(span, now, last_year, year_ago, retold) AS CASE span
    WHEN 'both years' THEN now + last_year - COALESCE(year_ago, retold)
    ELSE four_quarters(span, now, last_year, year_ago)
END;
