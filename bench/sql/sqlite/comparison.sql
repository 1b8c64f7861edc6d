WITH n AS MATERIALIZED (SELECT id, slug, revision FROM negotiation WHERE slug = :negotiation),
l AS MATERIALIZED (
    SELECT p.demand_id, p.stance, coalesce(p.salience, 50.0) AS salience,
        CASE p.stance WHEN 'conditional' THEN 0.5 WHEN 'reserve' THEN 0.0
            WHEN 'reject' THEN -1.0 ELSE 1.0 END AS acceptance,
        json_object(
            'id', p.id,
            'date', p.date,
            'until', p.until,
            'ends_on', nullif(p.ends_on, '9999-12-31'),
            'stance', p.stance,
            'conditions', json((
                SELECT json_group_array(json_object(
                    'kind', c.kind,
                    'demands', json((
                    SELECT json_group_array(slug) FROM (
                        SELECT d.slug FROM condition_demand AS cd
                        JOIN demand AS d ON d.id = cd.demand_id
                        WHERE cd.condition_id = c.id ORDER BY d.slug
                    )
                    )),
                    'text', c.text
                )) FROM (SELECT * FROM condition WHERE position_id = p.id ORDER BY ordinal) AS c
            )),
            'value', p.value,
            'reservation_value', p.reservation_value,
            'salience', p.salience,
            'confidence', p.confidence,
            'deadline', p.deadline,
            'summary', p.summary,
            'meeting', meeting.slug,
            'citations', json((
                SELECT json_group_array(json_object(
                    'source', c.slug, 'title', c.title, 'published_on', c.published_on, 'url', c.url,
                    'quotation', c.quotation, 'quoted', c.quoted, 'locator', c.locator
                )) FROM (
                    SELECT s.slug, s.title, s.published_on, s.url, c.*
                    FROM citation AS c JOIN source AS s ON s.id = c.source_id
                    WHERE c.position_id = p.id ORDER BY c.ordinal
                ) AS c
            ))
        ) AS shown
    FROM position AS p
    LEFT JOIN meeting ON meeting.id = p.meeting_id
    WHERE p.negotiation_id = (SELECT id FROM n)
        AND p.party_id = (SELECT id FROM party WHERE slug = :left)
        AND p.begins_on <= :on AND p.ends_on >= :on
),
r AS MATERIALIZED (
    SELECT p.demand_id, p.stance, coalesce(p.salience, 50.0) AS salience,
        CASE p.stance WHEN 'conditional' THEN 0.5 WHEN 'reserve' THEN 0.0
            WHEN 'reject' THEN -1.0 ELSE 1.0 END AS acceptance,
        json_object(
            'id', p.id,
            'date', p.date,
            'until', p.until,
            'ends_on', nullif(p.ends_on, '9999-12-31'),
            'stance', p.stance,
            'conditions', json((
                SELECT json_group_array(json_object(
                    'kind', c.kind,
                    'demands', json((
                    SELECT json_group_array(slug) FROM (
                        SELECT d.slug FROM condition_demand AS cd
                        JOIN demand AS d ON d.id = cd.demand_id
                        WHERE cd.condition_id = c.id ORDER BY d.slug
                    )
                    )),
                    'text', c.text
                )) FROM (SELECT * FROM condition WHERE position_id = p.id ORDER BY ordinal) AS c
            )),
            'value', p.value,
            'reservation_value', p.reservation_value,
            'salience', p.salience,
            'confidence', p.confidence,
            'deadline', p.deadline,
            'summary', p.summary,
            'meeting', meeting.slug,
            'citations', json((
                SELECT json_group_array(json_object(
                    'source', c.slug, 'title', c.title, 'published_on', c.published_on, 'url', c.url,
                    'quotation', c.quotation, 'quoted', c.quoted, 'locator', c.locator
                )) FROM (
                    SELECT s.slug, s.title, s.published_on, s.url, c.*
                    FROM citation AS c JOIN source AS s ON s.id = c.source_id
                    WHERE c.position_id = p.id ORDER BY c.ordinal
                ) AS c
            ))
        ) AS shown
    FROM position AS p
    LEFT JOIN meeting ON meeting.id = p.meeting_id
    WHERE p.negotiation_id = (SELECT id FROM n)
        AND p.party_id = (SELECT id FROM party WHERE slug = :right)
        AND p.begins_on <= :on AND p.ends_on >= :on
),
compared AS MATERIALIZED (
    SELECT i.slug AS issue, i.title AS issue_title, d.slug,
        json_object(
            'slug', d.slug,
            'title', d.title,
            'part_of', whole.slug,
            'addressed_to', json((
                SELECT json_group_array(slug) FROM (
                    SELECT party.slug FROM demand_addressee AS a JOIN party ON party.id = a.party_id
                    WHERE a.demand_id = d.id ORDER BY party.slug
                )
            )),
            'deadline', d.deadline,
            'scale', iif(d.scale_min IS NULL, NULL, json_object(
                'min', d.scale_min, 'max', d.scale_max, 'unit', d.scale_unit,
                'min_means', d.scale_min_means, 'max_means', d.scale_max_means
            ))
        ) AS named,
        l.shown AS l_shown, r.shown AS r_shown,
        l.acceptance AS l_acceptance, r.acceptance AS r_acceptance,
        CASE
            WHEN l.stance IS NULL AND r.stance IS NULL THEN 'not_recorded'
            WHEN l.stance IS NULL OR r.stance IS NULL THEN 'one_sided'
            WHEN 'reserve' IN (l.stance, r.stance) THEN 'open'
            WHEN l.stance = 'reject' AND r.stance = 'reject' THEN 'both_reject'
            WHEN 'reject' IN (l.stance, r.stance) THEN 'opposed'
            WHEN 'conditional' IN (l.stance, r.stance) THEN 'conditional'
            ELSE 'agreed'
        END AS alignment,
        abs(l.acceptance - r.acceptance) / 2 AS distance,
        iif(l.stance IS NULL OR r.stance IS NULL, NULL, (l.salience + r.salience) / 200) AS weight
    FROM demand AS d
    JOIN issue AS i ON i.id = d.issue_id
    LEFT JOIN demand AS whole ON whole.id = d.part_of_id
    LEFT JOIN l ON l.demand_id = d.id
    LEFT JOIN r ON r.demand_id = d.id
    WHERE d.negotiation_id = (SELECT id FROM n)
    ORDER BY i.slug, d.slug
),
issues AS (
    SELECT json_object(
        'issue', json_object('slug', issue, 'title', issue_title),
        'demands', json_group_array(json_object(
            'demand', json(named), 'left', json(l_shown), 'right', json(r_shown),
            'alignment', alignment, 'change', NULL, 'distance', distance
        )),
        'totals', json_object(
            'demands', count(*),
            'recorded_by_both', count(distance),
            'coverage', count(distance) * 1.0
                / nullif(count(l_acceptance) + count(r_acceptance) - count(distance), 0),
            'distance', avg(distance),
            'weighted_distance', sum(distance * weight) / sum(weight),
            'left_recorded', count(l_acceptance),
            'right_recorded', count(r_acceptance),
            'left_acceptance', avg(l_acceptance),
            'right_acceptance', avg(r_acceptance),
            'alignments', json_object(
                'agreed', sum(alignment = 'agreed'),
                'conditional', sum(alignment = 'conditional'),
                'open', sum(alignment = 'open'),
                'opposed', sum(alignment = 'opposed'),
                'both_reject', sum(alignment = 'both_reject'),
                'one_sided', sum(alignment = 'one_sided'),
                'not_recorded', sum(alignment = 'not_recorded')
            ),
            'changes', NULL
        )
    ) AS shown
    FROM compared GROUP BY issue ORDER BY issue
)
SELECT json_object(
    'negotiation', n.slug,
    'revision', n.revision,
    'left', json((SELECT json_object(
        'party', json_object('slug', slug, 'name', name), 'date', :on, 'on', :on
    ) FROM party WHERE slug = :left)),
    'right', json((SELECT json_object(
        'party', json_object('slug', slug, 'name', name), 'date', :on, 'on', :on
    ) FROM party WHERE slug = :right)),
    'issues', json((SELECT json_group_array(json(shown)) FROM issues)),
    'totals', json((SELECT json_object(
        'demands', count(*),
        'recorded_by_both', count(distance),
        'coverage', count(distance) * 1.0
            / nullif(count(l_acceptance) + count(r_acceptance) - count(distance), 0),
        'distance', avg(distance),
        'weighted_distance', sum(distance * weight) / sum(weight),
        'left_recorded', count(l_acceptance),
        'right_recorded', count(r_acceptance),
        'left_acceptance', avg(l_acceptance),
        'right_acceptance', avg(r_acceptance),
        'alignments', json_object(
            'agreed', sum(alignment = 'agreed'),
            'conditional', sum(alignment = 'conditional'),
            'open', sum(alignment = 'open'),
            'opposed', sum(alignment = 'opposed'),
            'both_reject', sum(alignment = 'both_reject'),
            'one_sided', sum(alignment = 'one_sided'),
            'not_recorded', sum(alignment = 'not_recorded')
        ),
        'changes', NULL
    ) FROM compared))
) AS answer
FROM n
