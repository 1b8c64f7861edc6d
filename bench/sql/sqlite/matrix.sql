WITH n AS MATERIALIZED (SELECT id, slug, revision FROM negotiation WHERE slug = :negotiation),
parties AS MATERIALIZED (
    SELECT party.id, party.slug, party.name
    FROM participant JOIN party ON party.id = participant.party_id
    WHERE participant.negotiation_id = (SELECT id FROM n)
    ORDER BY party.slug
),
held AS MATERIALIZED (
    SELECT p.demand_id, p.party_id,
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
    WHERE p.negotiation_id = (SELECT id FROM n) AND p.begins_on <= :on AND p.ends_on >= :on
),
lines AS (
    SELECT json_object(
        'demand', json(named),
        'issue', json_object('slug', issue, 'title', issue_title),
        'positions', json_group_array(json(shown))
    ) AS shown
    FROM (
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
            held.shown
        FROM demand AS d
        JOIN issue AS i ON i.id = d.issue_id
        LEFT JOIN demand AS whole ON whole.id = d.part_of_id
        CROSS JOIN parties
        LEFT JOIN held ON held.demand_id = d.id AND held.party_id = parties.id
        WHERE d.negotiation_id = (SELECT id FROM n)
        ORDER BY i.slug, d.slug, parties.slug
    )
    GROUP BY issue, slug ORDER BY issue, slug
)
SELECT json_object(
    'negotiation', n.slug,
    'revision', n.revision,
    'on', :on,
    'parties', json((
        SELECT json_group_array(json_object('slug', slug, 'name', name)) FROM parties
    )),
    'rows', json((SELECT json_group_array(json(shown)) FROM lines)),
    'recorded', (SELECT count(*) FROM held)
) AS answer
FROM n
