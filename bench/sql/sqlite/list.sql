SELECT json_object('items', json_group_array(json(shown))) AS answer
FROM (
    SELECT json_object(
        'id', p.id,
        'created_at', strftime('%Y-%m-%dT%H:%M:%fZ', p.created_at),
        'updated_at', strftime('%Y-%m-%dT%H:%M:%fZ', p.updated_at),
        'party', party.slug,
        'demand', demand.slug,
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
                'source', c.slug, 'quotation', c.quotation, 'quoted', c.quoted,
                'locator', c.locator
            )) FROM (
                SELECT s.slug, c.* FROM citation AS c JOIN source AS s ON s.id = c.source_id
                WHERE c.position_id = p.id ORDER BY c.ordinal
            ) AS c
        ))
    ) AS shown
    FROM position AS p
    JOIN party ON party.id = p.party_id
    JOIN demand ON demand.id = p.demand_id
    LEFT JOIN meeting ON meeting.id = p.meeting_id
    WHERE p.negotiation_id = (SELECT id FROM negotiation WHERE slug = :negotiation)
    ORDER BY p.date, p.id
    LIMIT 100
)
