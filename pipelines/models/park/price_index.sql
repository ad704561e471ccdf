-- One row for each division and quarter. Of: producer_price.
-- Price indices that something can be divided by: those above zero.
SELECT CAST(industry_division AS BIGINT) AS division, quarter, index_micro FROM producer_price WHERE index_micro > 0
