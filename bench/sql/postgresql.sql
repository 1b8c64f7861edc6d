-- What PostgREST serves: a view of positions as they are shown, and a function a question.
-- The functions look ids up first and are planned anew each time: the planner has to know which
-- ids they are to take the index that fits.

CREATE SCHEMA api;

CREATE VIEW api.positions AS
SELECT p.negotiation_id, p.id, p.created_at, p.updated_at, party.slug AS party,
    demand.slug AS demand, p.date, p.until, nullif(p.ends_on, '9999-12-31') AS ends_on, p.stance,
    coalesce((
        SELECT json_agg(json_build_object(
            'kind', c.kind,
            'demands', coalesce((
                SELECT json_agg(d.slug ORDER BY d.slug) FROM condition_demand AS cd
                JOIN demand AS d ON d.id = cd.demand_id WHERE cd.condition_id = c.id
            ), '[]'),
            'text', c.text
        ) ORDER BY c.ordinal) FROM condition AS c WHERE c.position_id = p.id
    ), '[]') AS conditions,
    p.value, p.reservation_value, p.salience, p.confidence, p.deadline, p.summary,
    meeting.slug AS meeting,
    coalesce((
        SELECT json_agg(json_build_object(
            'source', s.slug, 'quotation', c.quotation, 'quoted', c.quoted,
            'locator', c.locator
        ) ORDER BY c.ordinal)
        FROM citation AS c JOIN source AS s ON s.id = c.source_id WHERE c.position_id = p.id
    ), '[]') AS citations
FROM position AS p
JOIN party ON party.id = p.party_id
JOIN demand ON demand.id = p.demand_id
LEFT JOIN meeting ON meeting.id = p.meeting_id;

CREATE FUNCTION api.comparison(negotiation text, "left" text, "right" text, "on" text)
RETURNS json LANGUAGE plpgsql STABLE
SET search_path = public SET plan_cache_mode = force_custom_plan AS $$
#variable_conflict use_column
DECLARE
    talks bigint;
    lefts bigint;
    rights bigint;
BEGIN
    SELECT id INTO STRICT talks FROM negotiation AS t WHERE t.slug = $1;
    SELECT id INTO STRICT lefts FROM party WHERE slug = $2;
    SELECT id INTO STRICT rights FROM party WHERE slug = $3;
    RETURN (
        WITH n AS MATERIALIZED (SELECT id, slug, revision FROM negotiation WHERE slug = $1),
        l AS MATERIALIZED (
            SELECT p.demand_id, p.stance, coalesce(p.salience, 50) AS salience,
                CASE p.stance WHEN 'conditional' THEN 0.5::float8 WHEN 'reserve' THEN 0
                    WHEN 'reject' THEN -1 ELSE 1 END AS acceptance,
                json_build_object(
                    'id', p.id,
                    'date', p.date,
                    'until', p.until,
                    'ends_on', nullif(p.ends_on, '9999-12-31'),
                    'stance', p.stance,
                    'conditions', coalesce((
                        SELECT json_agg(json_build_object(
                            'kind', c.kind,
                            'demands', coalesce((
                                SELECT json_agg(d.slug ORDER BY d.slug) FROM condition_demand AS cd
                                JOIN demand AS d ON d.id = cd.demand_id WHERE cd.condition_id = c.id
                            ), '[]'),
                            'text', c.text
                        ) ORDER BY c.ordinal) FROM condition AS c WHERE c.position_id = p.id
                    ), '[]'),
                    'value', p.value,
                    'reservation_value', p.reservation_value,
                    'salience', p.salience,
                    'confidence', p.confidence,
                    'deadline', p.deadline,
                    'summary', p.summary,
                    'meeting', meeting.slug,
                    'citations', coalesce((
                        SELECT json_agg(json_build_object(
                            'source', s.slug, 'title', s.title, 'published_on', s.published_on, 'url', s.url,
                            'quotation', c.quotation, 'quoted', c.quoted,
                            'locator', c.locator
                        ) ORDER BY c.ordinal)
                        FROM citation AS c JOIN source AS s ON s.id = c.source_id WHERE c.position_id = p.id
                    ), '[]')
                ) AS shown
            FROM position AS p
            LEFT JOIN meeting ON meeting.id = p.meeting_id
            WHERE p.negotiation_id = talks
                AND p.party_id = lefts
                AND p.begins_on <= $4 AND p.ends_on >= $4
        ),
        r AS MATERIALIZED (
            SELECT p.demand_id, p.stance, coalesce(p.salience, 50) AS salience,
                CASE p.stance WHEN 'conditional' THEN 0.5::float8 WHEN 'reserve' THEN 0
                    WHEN 'reject' THEN -1 ELSE 1 END AS acceptance,
                json_build_object(
                    'id', p.id,
                    'date', p.date,
                    'until', p.until,
                    'ends_on', nullif(p.ends_on, '9999-12-31'),
                    'stance', p.stance,
                    'conditions', coalesce((
                        SELECT json_agg(json_build_object(
                            'kind', c.kind,
                            'demands', coalesce((
                                SELECT json_agg(d.slug ORDER BY d.slug) FROM condition_demand AS cd
                                JOIN demand AS d ON d.id = cd.demand_id WHERE cd.condition_id = c.id
                            ), '[]'),
                            'text', c.text
                        ) ORDER BY c.ordinal) FROM condition AS c WHERE c.position_id = p.id
                    ), '[]'),
                    'value', p.value,
                    'reservation_value', p.reservation_value,
                    'salience', p.salience,
                    'confidence', p.confidence,
                    'deadline', p.deadline,
                    'summary', p.summary,
                    'meeting', meeting.slug,
                    'citations', coalesce((
                        SELECT json_agg(json_build_object(
                            'source', s.slug, 'title', s.title, 'published_on', s.published_on, 'url', s.url,
                            'quotation', c.quotation, 'quoted', c.quoted,
                            'locator', c.locator
                        ) ORDER BY c.ordinal)
                        FROM citation AS c JOIN source AS s ON s.id = c.source_id WHERE c.position_id = p.id
                    ), '[]')
                ) AS shown
            FROM position AS p
            LEFT JOIN meeting ON meeting.id = p.meeting_id
            WHERE p.negotiation_id = talks
                AND p.party_id = rights
                AND p.begins_on <= $4 AND p.ends_on >= $4
        ),
        compared AS MATERIALIZED (
            SELECT i.slug AS issue, i.title AS issue_title, d.slug,
                json_build_object(
                    'slug', d.slug,
                    'title', d.title,
                    'part_of', whole.slug,
                    'addressed_to', coalesce((
                        SELECT json_agg(party.slug ORDER BY party.slug)
                        FROM demand_addressee AS a JOIN party ON party.id = a.party_id WHERE a.demand_id = d.id
                    ), '[]'),
                    'deadline', d.deadline,
                    'scale', CASE WHEN d.scale_min IS NOT NULL THEN json_build_object(
                        'min', d.scale_min, 'max', d.scale_max, 'unit', d.scale_unit,
                        'min_means', d.scale_min_means, 'max_means', d.scale_max_means
                    ) END
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
                CASE WHEN l.stance IS NOT NULL AND r.stance IS NOT NULL
                    THEN (l.salience + r.salience) / 200 END AS weight
            FROM demand AS d
            JOIN issue AS i ON i.id = d.issue_id
            LEFT JOIN demand AS whole ON whole.id = d.part_of_id
            LEFT JOIN l ON l.demand_id = d.id
            LEFT JOIN r ON r.demand_id = d.id
            WHERE d.negotiation_id = talks
        ),
        issues AS (
            SELECT issue, json_build_object(
                'issue', json_build_object('slug', issue, 'title', issue_title),
                'demands', json_agg(json_build_object(
                    'demand', named, 'left', l_shown, 'right', r_shown,
                    'alignment', alignment, 'change', NULL, 'distance', distance
                ) ORDER BY slug),
                'totals', json_build_object(
                    'demands', count(*),
                    'recorded_by_both', count(distance),
                    'coverage', count(distance)::float8
                        / nullif(count(l_acceptance) + count(r_acceptance) - count(distance), 0),
                    'distance', avg(distance),
                    'weighted_distance', sum(distance * weight) / sum(weight),
                    'left_recorded', count(l_acceptance),
                    'right_recorded', count(r_acceptance),
                    'left_acceptance', avg(l_acceptance),
                    'right_acceptance', avg(r_acceptance),
                    'alignments', json_build_object(
                        'agreed', count(*) FILTER (WHERE alignment = 'agreed'),
                        'conditional', count(*) FILTER (WHERE alignment = 'conditional'),
                        'open', count(*) FILTER (WHERE alignment = 'open'),
                        'opposed', count(*) FILTER (WHERE alignment = 'opposed'),
                        'both_reject', count(*) FILTER (WHERE alignment = 'both_reject'),
                        'one_sided', count(*) FILTER (WHERE alignment = 'one_sided'),
                        'not_recorded', count(*) FILTER (WHERE alignment = 'not_recorded')
                    ),
                    'changes', NULL
                )
            ) AS shown
            FROM compared GROUP BY issue, issue_title
        )
        SELECT json_build_object(
            'negotiation', n.slug,
            'revision', n.revision,
            'left', (
                SELECT json_build_object(
                    'party', json_build_object('slug', slug, 'name', name), 'date', $4, 'on', $4
                ) FROM party WHERE slug = $2
            ),
            'right', (
                SELECT json_build_object(
                    'party', json_build_object('slug', slug, 'name', name), 'date', $4, 'on', $4
                ) FROM party WHERE slug = $3
            ),
            'issues', coalesce((SELECT json_agg(shown ORDER BY issue) FROM issues), '[]'),
            'totals', (SELECT json_build_object(
                'demands', count(*),
                'recorded_by_both', count(distance),
                'coverage', count(distance)::float8
                    / nullif(count(l_acceptance) + count(r_acceptance) - count(distance), 0),
                'distance', avg(distance),
                'weighted_distance', sum(distance * weight) / sum(weight),
                'left_recorded', count(l_acceptance),
                'right_recorded', count(r_acceptance),
                'left_acceptance', avg(l_acceptance),
                'right_acceptance', avg(r_acceptance),
                'alignments', json_build_object(
                    'agreed', count(*) FILTER (WHERE alignment = 'agreed'),
                    'conditional', count(*) FILTER (WHERE alignment = 'conditional'),
                    'open', count(*) FILTER (WHERE alignment = 'open'),
                    'opposed', count(*) FILTER (WHERE alignment = 'opposed'),
                    'both_reject', count(*) FILTER (WHERE alignment = 'both_reject'),
                    'one_sided', count(*) FILTER (WHERE alignment = 'one_sided'),
                    'not_recorded', count(*) FILTER (WHERE alignment = 'not_recorded')
                ),
                'changes', NULL
            ) FROM compared)
        )
        FROM n
    );
END
$$;

CREATE FUNCTION api.matrix(negotiation text, "on" text)
RETURNS json LANGUAGE plpgsql STABLE
SET search_path = public SET plan_cache_mode = force_custom_plan AS $$
#variable_conflict use_column
DECLARE
    talks bigint;
BEGIN
    SELECT id INTO STRICT talks FROM negotiation AS t WHERE t.slug = $1;
    RETURN (
        WITH n AS MATERIALIZED (SELECT id, slug, revision FROM negotiation WHERE slug = $1),
        parties AS MATERIALIZED (
            SELECT party.id, party.slug, party.name
            FROM participant JOIN party ON party.id = participant.party_id
            WHERE participant.negotiation_id = talks
        ),
        held AS MATERIALIZED (
            SELECT p.demand_id, p.party_id,
                json_build_object(
                    'id', p.id,
                    'date', p.date,
                    'until', p.until,
                    'ends_on', nullif(p.ends_on, '9999-12-31'),
                    'stance', p.stance,
                    'conditions', coalesce((
                        SELECT json_agg(json_build_object(
                            'kind', c.kind,
                            'demands', coalesce((
                                SELECT json_agg(d.slug ORDER BY d.slug) FROM condition_demand AS cd
                                JOIN demand AS d ON d.id = cd.demand_id WHERE cd.condition_id = c.id
                            ), '[]'),
                            'text', c.text
                        ) ORDER BY c.ordinal) FROM condition AS c WHERE c.position_id = p.id
                    ), '[]'),
                    'value', p.value,
                    'reservation_value', p.reservation_value,
                    'salience', p.salience,
                    'confidence', p.confidence,
                    'deadline', p.deadline,
                    'summary', p.summary,
                    'meeting', meeting.slug,
                    'citations', coalesce((
                        SELECT json_agg(json_build_object(
                            'source', s.slug, 'title', s.title, 'published_on', s.published_on, 'url', s.url,
                            'quotation', c.quotation, 'quoted', c.quoted,
                            'locator', c.locator
                        ) ORDER BY c.ordinal)
                        FROM citation AS c JOIN source AS s ON s.id = c.source_id WHERE c.position_id = p.id
                    ), '[]')
                ) AS shown
            FROM position AS p
            LEFT JOIN meeting ON meeting.id = p.meeting_id
            WHERE p.negotiation_id = talks AND p.begins_on <= $2 AND p.ends_on >= $2
        ),
        demands AS MATERIALIZED (
            SELECT d.id, d.slug, i.slug AS issue, i.title AS issue_title,
                json_build_object(
                    'slug', d.slug,
                    'title', d.title,
                    'part_of', whole.slug,
                    'addressed_to', coalesce((
                        SELECT json_agg(party.slug ORDER BY party.slug)
                        FROM demand_addressee AS a JOIN party ON party.id = a.party_id WHERE a.demand_id = d.id
                    ), '[]'),
                    'deadline', d.deadline,
                    'scale', CASE WHEN d.scale_min IS NOT NULL THEN json_build_object(
                        'min', d.scale_min, 'max', d.scale_max, 'unit', d.scale_unit,
                        'min_means', d.scale_min_means, 'max_means', d.scale_max_means
                    ) END
                ) AS named
            FROM demand AS d
            JOIN issue AS i ON i.id = d.issue_id
            LEFT JOIN demand AS whole ON whole.id = d.part_of_id
            WHERE d.negotiation_id = talks
        ),
        cells AS (
            SELECT d.id, json_agg(held.shown ORDER BY parties.slug) AS positions
            FROM demands AS d
            CROSS JOIN parties
            LEFT JOIN held ON held.demand_id = d.id AND held.party_id = parties.id
            GROUP BY d.id
        )
        SELECT json_build_object(
            'negotiation', n.slug,
            'revision', n.revision,
            'on', $2,
            'parties', (
                SELECT json_agg(json_build_object('slug', slug, 'name', name) ORDER BY slug) FROM parties
            ),
            'rows', (
                SELECT json_agg(json_build_object(
                    'demand', named,
                    'issue', json_build_object('slug', issue, 'title', issue_title),
                    'positions', positions
                ) ORDER BY issue, slug) FROM demands JOIN cells USING (id)
            ),
            'recorded', (SELECT count(*) FROM held)
        )
        FROM n
    );
END
$$;

-- One position, written as the service does it: the one before it ends the day before, it ends
-- before the next one, and the negotiation has a new revision.
CREATE FUNCTION api.create_position(
    negotiation text, party text, demand text, date text, stance text, salience float8,
    summary text
)
RETURNS SETOF api.positions LANGUAGE plpgsql SET search_path = public AS $$
DECLARE
    talks bigint;
    taker bigint;
    asked bigint;
    begins text := substr($4 || '-01-01', 1, 10);
    following text;
    identifier bigint;
BEGIN
    SELECT n.id, p.party_id, d.id INTO STRICT talks, taker, asked
    FROM negotiation AS n
    JOIN participant AS p ON p.negotiation_id = n.id
    JOIN party ON party.id = p.party_id AND party.slug = $2
    JOIN demand AS d ON d.negotiation_id = n.id AND d.slug = $3
    WHERE n.slug = $1;
    SELECT min(p.begins_on) INTO following FROM position AS p
    WHERE p.demand_id = asked AND p.party_id = taker AND p.begins_on > begins;
    UPDATE position AS p
    SET ends_on = to_char(begins::date - 1, 'YYYY-MM-DD'), version = version + 1,
        updated_at = now()
    WHERE p.demand_id = asked AND p.party_id = taker AND p.begins_on < begins
        AND p.ends_on >= begins;
    INSERT INTO position (
        id, negotiation_id, party_id, demand_id, date, begins_on, ends_on, stance, salience,
        summary, version, created_at, updated_at
    ) VALUES (
        nextval('api.identifiers'), talks, taker, asked, $4, begins,
        coalesce(to_char(following::date - 1, 'YYYY-MM-DD'), '9999-12-31'), $5, $6, $7,
        1, now(), now()
    ) RETURNING id INTO identifier;
    UPDATE negotiation SET revision = revision + 1 WHERE id = talks;
    RETURN QUERY SELECT * FROM api.positions AS p WHERE p.id = identifier;
END
$$;

CREATE SEQUENCE api.identifiers START 940000000000000000;

DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'anonymous') THEN
        CREATE ROLE anonymous NOLOGIN;
    END IF;
END
$$;
GRANT USAGE ON SCHEMA api, public TO anonymous;
GRANT USAGE ON SEQUENCE api.identifiers TO anonymous;
GRANT SELECT ON ALL TABLES IN SCHEMA api, public TO anonymous;
GRANT INSERT ON position TO anonymous;
GRANT UPDATE ON position, negotiation TO anonymous;
