-- Everything additive about a park in a quarter. The `…_on_land` sums hold only where the park has both the sum and
-- industrial land: a park without a land record leaves numerator and denominator alike (DOMAIN §4).
SELECT
    p.park_code,
    c.quarter,
    CAST(1 AS BIGINT) AS park_units,
    CASE WHEN l.land_micromu > 0 THEN CAST(1 AS BIGINT) ELSE CAST(0 AS BIGINT) END AS land_park_units,
    l.land_micromu,
    e.register_units, e.enterprise_units, e.retrofit_units,
    e.energy_filed_units, e.tax_units, e.tax_ytd_fen,
    CASE WHEN l.land_micromu > 0 THEN e.register_units END AS register_land_units,
    CASE WHEN l.land_micromu > 0 THEN e.tax_units END AS tax_land_units,
    CASE WHEN l.land_micromu > 0 THEN e.tax_ytd_fen END AS tax_ytd_on_land_fen,
    CASE WHEN e.tax_ytd_fen IS NOT NULL AND l.land_micromu > 0 THEN l.land_micromu END AS land_tax_ytd_micromu,
    t.window_units, t.part_year_units, t.tax_ttm_units, t.tax_ttm_fen,
    CASE WHEN l.land_micromu > 0 THEN t.window_units END AS window_land_units,
    CASE WHEN l.land_micromu > 0 THEN t.tax_ttm_units END AS tax_ttm_land_units,
    CASE WHEN l.land_micromu > 0 THEN t.tax_ttm_retold_units END AS tax_ttm_land_retold_units,
    CASE WHEN l.land_micromu > 0 THEN t.tax_ttm_fen END AS tax_ttm_on_land_fen,
    CASE WHEN t.tax_ttm_fen IS NOT NULL AND l.land_micromu > 0 THEN l.land_micromu END AS land_tax_ttm_micromu,
    t.va_ttm_units, t.va_ttm_fen,
    CASE WHEN l.land_micromu > 0 THEN t.va_ttm_units END AS va_ttm_land_units,
    CASE WHEN l.land_micromu > 0 THEN t.va_ttm_fen END AS va_ttm_on_land_fen,
    CASE WHEN t.va_ttm_fen IS NOT NULL AND l.land_micromu > 0 THEN l.land_micromu END AS land_va_ttm_micromu,
    t.revenue_ttm_units, t.revenue_ttm_retold_units, t.revenue_ttm_fen,
    e.output_units, e.va_ytd_fen,
    e.revenue_pair_units, e.revenue_pair_ytd_fen, e.revenue_pair_prior_fen,
    e.profit_pair_units, e.profit_pair_ytd_fen, e.profit_pair_prior_fen,
    e.staff_units, e.va_staff_ytd_fen, e.staff_persons,
    v.growth_units, v.va_growth_prior_fen, v.va_growth_const_microyuan,
    v.energy_units, v.energy_ytd_gce, v.va_energy_const_microyuan,
    v.scope_units, v.energy_scope_ytd_gce, v.energy_scope_prior_gce, v.va_scope_prior_fen, v.va_scope_const_microyuan,
    s.stayed_park_units, s.stayed_county_units, s.stayed_city_net_units, s.stayed_city_units, s.stayed_province_units,
    f.planned_area_micromu, f.built_up_area_micromu, f.employees_all_persons,
    oe.emission_expected_units, o.emission_filed_units, o.emission_units, o.emission_ytd_g, o.va_emission_const_microyuan,
    o.emission_scope_units, o.emission_scope_ytd_g, o.emission_scope_prior_g, o.va_emission_scope_prior_fen, o.va_emission_scope_const_microyuan,
    er.record_expected_units, er.record_whole_units, er.record_retold_units, ec.evaluated_units, ec.class_a_units, ec.class_b_units, ec.class_c_units, ec.class_c_land_micromu,
    CASE WHEN f.park_code IS NOT NULL THEN CAST(1 AS BIGINT) ELSE CAST(0 AS BIGINT) END AS form_park_units,
    CASE WHEN f.built_up_area_micromu IS NOT NULL AND f.planned_area_micromu IS NOT NULL THEN CAST(1 AS BIGINT) END AS built_rate_park_units,
    CASE WHEN f.planned_area_micromu IS NOT NULL THEN f.built_up_area_micromu END AS built_rate_micromu,
    CASE WHEN f.built_up_area_micromu IS NOT NULL THEN f.planned_area_micromu END AS planned_rate_micromu,
    f.standard_factory_area_micromu,
    CASE WHEN l.land_micromu > 0 THEN t.revenue_ttm_units END AS revenue_ttm_land_units,
    CASE WHEN l.land_micromu > 0 THEN t.revenue_ttm_retold_units END AS revenue_ttm_land_retold_units,
    CASE WHEN l.land_micromu > 0 THEN t.revenue_ttm_fen END AS revenue_ttm_on_land_fen,
    CASE WHEN t.revenue_ttm_fen IS NOT NULL AND l.land_micromu > 0 THEN l.land_micromu END AS land_revenue_ttm_micromu,
    CASE WHEN l.land_micromu > 0 THEN t.profit_ttm_units END AS profit_ttm_land_units,
    CASE WHEN l.land_micromu > 0 THEN t.profit_ttm_retold_units END AS profit_ttm_land_retold_units,
    CASE WHEN l.land_micromu > 0 THEN t.profit_ttm_fen END AS profit_ttm_on_land_fen,
    CASE WHEN t.profit_ttm_fen IS NOT NULL AND l.land_micromu > 0 THEN l.land_micromu END AS land_profit_ttm_micromu,
    m.reform_park_units, m.sub_parks_said_units, m.sub_parks_units, m.sub_revenue_park_units, m.sub_revenue_ytd_fen,
    m.sub_revenue_base_ytd_fen, m.green_said_units, m.green_parks_units, m.smart_said_units, m.smart_parks_units,
    m.chemical_said_units, m.chemical_parks_units, m.sewage_said_units, m.sewage_parks_units, m.monitoring_said_units,
    m.monitoring_parks_units, m.committee_said_units, m.committee_parks_units, m.company_said_units,
    m.company_parks_units, m.remediated_said_units, m.remediated_parks_units, m.powers_said_units,
    m.delegated_powers_units, m.market_park_units, m.market_financing_ytd_fen, m.financing_ytd_fen,
    m.high_level_said_units, m.high_level_persons, m.high_level_rate_park_units, m.high_level_rate_persons,
    m.employees_rate_persons, m.contracted_said_units, m.contracted_investment_ytd_fen, m.realised_said_units,
    m.realised_investment_ytd_fen, m.in_place_said_units, m.in_place_funds_ytd_fen, m.renovation_park_units,
    m.renovation_ytd_fen, m.fixed_investment_ytd_fen, m.project_land_park_units, m.project_investment_fen,
    m.project_land_micromu, m.floor_land_park_units, m.floor_area_micromu, m.floor_land_micromu, m.idle_said_units,
    m.idle_land_micromu, m.idle_share_park_units, m.idle_share_micromu, m.idle_share_land_micromu,
    i.leading_park_units, i.leading_enterprise_units, i.leading_revenue_ytd_fen, i.leading_base_ytd_fen, i.leading_province_ytd_fen, i.province_revenue_ytd_fen,
    k.green_factory_units, k.leading_units, k.brand_units, k.smart_factory_units, k.smart_workshop_units, k.internet_platform_units,
    k.cloud_units, k.rd_platform_units, k.va_high_tech_ytd_fen,
    u.revenue_units, u.revenue_ytd_fen, u.revenue_square_wan, u.revenue_square_cross, u.revenue_square_fen2,
    CASE WHEN t.revenue_ttm_units > 0 THEN COALESCE(b.enterprises_10bn_units, CAST(0 AS BIGINT)) END AS enterprises_10bn_units,
    r.rd_known_units, r.rd_units, r.rd_ytd_fen, r.rd_revenue_ytd_fen
FROM park AS p
INNER JOIN calendar AS c ON c.quarter >= p.from_quarter AND c.quarter <= p.to_quarter
INNER JOIN park_number AS n ON n.park_code = p.park_code
LEFT JOIN park_enterprise AS e ON e.park_number = n.park_number AND e.quarter = c.quarter
LEFT JOIN park_value_added AS v ON v.park_number = n.park_number AND v.quarter = c.quarter
LEFT JOIN park_trailing AS t ON t.park_number = n.park_number AND t.quarter = c.quarter
LEFT JOIN park_land AS l ON l.park_number = n.park_number AND l.quarter = c.quarter
LEFT JOIN park_stayed AS s ON s.park_number = n.park_number AND s.quarter = c.quarter
LEFT JOIN park_emission AS o ON o.park_number = n.park_number AND o.quarter = c.quarter
LEFT JOIN park_emission_expected AS oe ON oe.park_number = n.park_number AND oe.quarter = c.quarter
LEFT JOIN park_record AS er ON er.park_number = n.park_number AND er.quarter = c.quarter
LEFT JOIN park_class AS ec ON ec.park_number = n.park_number AND ec.quarter = c.quarter
LEFT JOIN park_form AS f ON f.park_code = p.park_code AND f.quarter = c.quarter
LEFT JOIN park_reform_quarter AS m ON m.park_number = n.park_number AND m.quarter = c.quarter
LEFT JOIN park_leading AS i ON i.park_number = n.park_number AND i.quarter = c.quarter
LEFT JOIN park_recognition AS k ON k.park_number = n.park_number AND k.quarter = c.quarter
LEFT JOIN park_revenue AS u ON u.park_number = n.park_number AND u.quarter = c.quarter
LEFT JOIN park_ten_billion AS b ON b.park_number = n.park_number AND b.quarter = c.quarter
LEFT JOIN park_rd AS r ON r.park_number = n.park_number AND r.quarter = c.quarter
