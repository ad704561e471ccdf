-- One row for each park and quarter. Of: finance, output, recognition.
-- What the enterprises of each park hold at the end of each quarter: an entry counts from the quarter of its award
-- until the quarter before its withdrawal. Green factories, high-tech and leading enterprises and those in the cloud
-- are enterprises, each counted once; smart factories and workshops, R&D platforms, brands and industrial-internet
-- platforms are entries. Those that become the numerator of a share are counted over the enterprises that filed
-- finance. A park without entries has none; where there is no list at all, nothing is known.
SELECT
    e.park_number, e.quarter,
    COUNT(*) FILTER (WHERE h.category = '绿色工厂') AS green_factory_units,
    COUNT(*) FILTER (WHERE h.category = '头雁企业') AS leading_units,
    or_zero(SUM(h.entries) FILTER (WHERE h.category = '驰名品牌')) AS brand_units,
    or_zero(SUM(h.entries) FILTER (WHERE h.category = '智能工厂')) AS smart_factory_units,
    or_zero(SUM(h.entries) FILTER (WHERE h.category = '智能车间')) AS smart_workshop_units,
    or_zero(SUM(h.entries) FILTER (WHERE h.category = '工业互联网平台')) AS internet_platform_units,
    CASE WHEN MIN(e.enterprise_units) > 0
        THEN or_zero(SUM(h.filed_finance) FILTER (WHERE h.category = '上云企业')) END AS cloud_units,
    CASE WHEN MIN(e.enterprise_units) > 0
        THEN or_zero(SUM(h.filed_finance * h.entries) FILTER (WHERE h.category = '研发平台')) END AS rd_platform_units,
    CASE WHEN MIN(e.output_units) > 0
        THEN or_zero(SUM(h.va_ytd_fen) FILTER (WHERE h.category = '高新技术企业')) END AS va_high_tech_ytd_fen
FROM sum_enterprise_quarter AS e
INNER JOIN (SELECT quarter FROM list_quarter WHERE dataset = 'recognition') AS l ON l.quarter = e.quarter
LEFT JOIN recognised AS h ON h.park_number = e.park_number AND h.quarter = e.quarter
GROUP BY e.park_number, e.quarter
