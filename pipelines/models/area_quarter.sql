-- One row for each area and quarter with everything the indicators are made of.
SELECT
    s.level,
    s.ref_area,
    s.ref_area_name,
    s.quarter,
    c.first_quarter,
    s.park_units,
    s.land_park_units,
    s.land_micromu,
    s.register_units,
    s.enterprise_units,
    s.retrofit_units,
    s.tax_units,
    s.tax_ytd_fen,
    s.tax_land_units,
    s.tax_ytd_on_land_fen,
    s.land_tax_ytd_micromu,
    s.tax_ttm_fen,
    s.tax_ttm_on_land_fen,
    s.land_tax_ttm_micromu,
    s.va_ttm_fen,
    s.va_land_units,
    s.va_ttm_on_land_fen,
    s.land_va_ttm_micromu,
    s.revenue_ttm_fen,
    s.output_units,
    s.va_ytd_fen,
    s.revenue_pair_units,
    s.revenue_pair_ytd_fen,
    s.revenue_pair_prior_fen,
    s.profit_pair_units,
    s.profit_pair_ytd_fen,
    s.profit_pair_prior_fen,
    s.staff_units,
    s.va_staff_ytd_fen,
    s.staff_persons,
    s.growth_units,
    s.va_growth_prior_fen,
    s.va_growth_const_microyuan,
    s.energy_units,
    s.energy_ytd_gce,
    s.va_energy_const_microyuan,
    s.scope_units,
    s.energy_scope_ytd_gce,
    s.energy_scope_prior_gce,
    s.va_scope_prior_fen,
    s.va_scope_const_microyuan,
    s.planned_area_micromu,
    s.built_up_area_micromu,
    s.employees_all_persons,
    s.form_park_units,
    CASE s.level
        WHEN 'park' THEN s.stayed_park_units
        WHEN 'county' THEN s.stayed_county_units
        WHEN 'city_net' THEN s.stayed_city_net_units
        WHEN 'city' THEN s.stayed_city_units
        ELSE s.stayed_province_units
    END AS stayed_units,
    b.enterprise_units AS enterprise_before_units,
    p.province_va_ytd_fen,
    p.province_growth_micro,
    CASE WHEN s.level = 'province' THEN k.clusters_100bn_units END AS clusters_100bn_units,
    CASE WHEN s.level = 'province' THEN k.clusters_30bn_units END AS clusters_30bn_units
FROM area_sum AS s
INNER JOIN calendar AS c ON c.quarter = s.quarter
LEFT JOIN area_sum AS b ON b.level = s.level AND b.ref_area = s.ref_area AND b.quarter = s.quarter - 4
LEFT JOIN province_published AS p ON p.quarter = s.quarter
LEFT JOIN cluster_count AS k ON k.quarter = s.quarter
