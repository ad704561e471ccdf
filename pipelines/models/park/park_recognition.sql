-- One row for each park and quarter. Of: finance, output, recognition.
-- What the enterprises of each park hold at the end of each quarter: an entry counts from the quarter of its award
-- until the quarter before its withdrawal. Green factories, high-tech and leading enterprises and those in the cloud
-- are enterprises, each counted once; smart factories and workshops, R&D platforms, brands and industrial-internet
-- platforms are entries. Those that become the numerator of a share are counted over the enterprises that filed
-- finance. A park without entries has none; where there is no list at all, nothing is known.
SELECT
    e.park_number,
    e.quarter,
    COALESCE(h.green_factory_units, CAST(0 AS BIGINT)) AS green_factory_units,
    COALESCE(h.leading_units, CAST(0 AS BIGINT)) AS leading_units,
    COALESCE(h.brand_units, CAST(0 AS BIGINT)) AS brand_units,
    COALESCE(h.smart_factory_units, CAST(0 AS BIGINT)) AS smart_factory_units,
    COALESCE(h.smart_workshop_units, CAST(0 AS BIGINT)) AS smart_workshop_units,
    COALESCE(h.internet_platform_units, CAST(0 AS BIGINT)) AS internet_platform_units,
    CASE WHEN e.enterprise_units > 0 THEN COALESCE(h.cloud_units, CAST(0 AS BIGINT)) END AS cloud_units,
    CASE WHEN e.enterprise_units > 0 THEN COALESCE(h.rd_platform_units, CAST(0 AS BIGINT)) END AS rd_platform_units,
    CASE WHEN e.output_units > 0 THEN COALESCE(h.va_high_tech_ytd_fen, CAST(0 AS BIGINT)) END AS va_high_tech_ytd_fen
FROM sum_enterprise_quarter AS e
INNER JOIN (
    SELECT quarter AS list_quarter
    FROM list_quarter
    WHERE dataset = 'recognition'
) AS l ON l.list_quarter = e.quarter
LEFT JOIN (
    SELECT
        park_number,
        quarter,
        SUM(green_factory) AS green_factory_units,
        SUM(leading) AS leading_units,
        SUM(brand) AS brand_units,
        SUM(smart_factory) AS smart_factory_units,
        SUM(smart_workshop) AS smart_workshop_units,
        SUM(internet_platform) AS internet_platform_units,
        SUM(CASE WHEN filed_finance = 1 THEN cloud ELSE CAST(0 AS BIGINT) END) AS cloud_units,
        SUM(CASE WHEN filed_finance = 1 THEN rd_platform ELSE CAST(0 AS BIGINT) END) AS rd_platform_units,
        SUM(CASE WHEN high_tech = 1 THEN va_ytd_fen END) AS va_high_tech_ytd_fen
    FROM (
        SELECT
            q.unit_quarter,
            MIN(q.park_number) AS park_number,
            MIN(q.quarter) AS quarter,
            MIN(q.filed_finance) AS filed_finance,
            MIN(q.va_ytd_fen) AS va_ytd_fen,
            MAX(r.green_factory) AS green_factory,
            MAX(r.high_tech) AS high_tech,
            MAX(r.leading) AS leading,
            MAX(r.cloud) AS cloud,
            SUM(r.brand) AS brand,
            SUM(r.smart_factory) AS smart_factory,
            SUM(r.smart_workshop) AS smart_workshop,
            SUM(r.rd_platform) AS rd_platform,
            SUM(r.internet_platform) AS internet_platform
        FROM (
            SELECT
                unit_number,
                awarded_quarter,
                revoked_quarter,
                CASE WHEN category = '绿色工厂' THEN CAST(1 AS BIGINT) ELSE CAST(0 AS BIGINT) END AS green_factory,
                CASE WHEN category = '高新技术企业' THEN CAST(1 AS BIGINT) ELSE CAST(0 AS BIGINT) END AS high_tech,
                CASE WHEN category = '头雁企业' THEN CAST(1 AS BIGINT) ELSE CAST(0 AS BIGINT) END AS leading,
                CASE WHEN category = '上云企业' THEN CAST(1 AS BIGINT) ELSE CAST(0 AS BIGINT) END AS cloud,
                CASE WHEN category = '驰名品牌' THEN CAST(1 AS BIGINT) ELSE CAST(0 AS BIGINT) END AS brand,
                CASE WHEN category = '智能工厂' THEN CAST(1 AS BIGINT) ELSE CAST(0 AS BIGINT) END AS smart_factory,
                CASE WHEN category = '智能车间' THEN CAST(1 AS BIGINT) ELSE CAST(0 AS BIGINT) END AS smart_workshop,
                CASE WHEN category = '研发平台' THEN CAST(1 AS BIGINT) ELSE CAST(0 AS BIGINT) END AS rd_platform,
                CASE WHEN category = '工业互联网平台' THEN CAST(1 AS BIGINT) ELSE CAST(0 AS BIGINT) END AS internet_platform
            FROM recognition
        ) AS r
        INNER JOIN enterprise_quarter AS q ON q.unit_number = r.unit_number
        WHERE q.park_number IS NOT NULL AND r.awarded_quarter <= q.quarter
            AND (r.revoked_quarter IS NULL OR r.revoked_quarter > q.quarter)
        GROUP BY q.unit_quarter
    ) AS u
    GROUP BY park_number, quarter
) AS h ON h.park_number = e.park_number AND h.quarter = e.quarter
