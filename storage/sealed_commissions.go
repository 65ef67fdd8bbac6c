package storage

// hearingKey stands for the place of a row of hearings, whose key is a pair.
const hearingKey = `('x' || left(md5(meeting_id || '.' || item_id), 15))::bit(60)::bigint`

// sealedOfCommissions are the columns of commissions and reminders that the
// rotating keys seal. Of a meeting whose minutes are confirmed nothing changes but
// by a statement that says that it seals anew.
func sealedOfCommissions() []sealedColumn {
	return []sealedColumn{
		{"parties", "name",
			`SELECT substr(name, 1, 5), count(*) FROM parties WHERE name <> '' GROUP BY 1`,
			`SELECT parties.item_id * 4 + parties.side, item_id || '.' || side, name FROM parties
				WHERE parties.item_id * 4 + parties.side > $1 AND name <> '' AND substr(name, 1, 5) <> $2 ORDER BY parties.item_id * 4 + parties.side LIMIT $3`,
			`WITH allowed AS MATERIALIZED (SELECT set_config('koprik.resealing', 'on', true)),
				new AS MATERIALIZED (SELECT new.* FROM allowed, unnest($1::bigint[], $2::bytea[], $3::bytea[]) AS new (row, old, fresh)),
				mine AS MATERIALIZED (SELECT row, fresh FROM parties JOIN new ON parties.item_id * 4 + parties.side = row
					WHERE parties.name = old FOR NO KEY UPDATE OF parties SKIP LOCKED)
				UPDATE parties SET name = fresh FROM mine WHERE parties.item_id * 4 + parties.side = row`},
		{"parties", "phone",
			`SELECT substr(phone, 1, 5), count(*) FROM parties WHERE phone <> '' GROUP BY 1`,
			`SELECT parties.item_id * 4 + parties.side, item_id || '.' || side, phone FROM parties
				WHERE parties.item_id * 4 + parties.side > $1 AND phone <> '' AND substr(phone, 1, 5) <> $2 ORDER BY parties.item_id * 4 + parties.side LIMIT $3`,
			`WITH allowed AS MATERIALIZED (SELECT set_config('koprik.resealing', 'on', true)),
				new AS MATERIALIZED (SELECT new.* FROM allowed, unnest($1::bigint[], $2::bytea[], $3::bytea[]) AS new (row, old, fresh)),
				mine AS MATERIALIZED (SELECT row, fresh FROM parties JOIN new ON parties.item_id * 4 + parties.side = row
					WHERE parties.phone = old FOR NO KEY UPDATE OF parties SKIP LOCKED)
				UPDATE parties SET phone = fresh FROM mine WHERE parties.item_id * 4 + parties.side = row`},
		{"meetings", "place",
			`SELECT substr(place, 1, 5), count(*) FROM meetings WHERE place <> '' GROUP BY 1`,
			`SELECT meetings.id, id::text, place FROM meetings
				WHERE meetings.id > $1 AND place <> '' AND substr(place, 1, 5) <> $2 ORDER BY meetings.id LIMIT $3`,
			`WITH allowed AS MATERIALIZED (SELECT set_config('koprik.resealing', 'on', true)),
				new AS MATERIALIZED (SELECT new.* FROM allowed, unnest($1::bigint[], $2::bytea[], $3::bytea[]) AS new (row, old, fresh)),
				mine AS MATERIALIZED (SELECT row, fresh FROM meetings JOIN new ON meetings.id = row
					WHERE meetings.place = old FOR NO KEY UPDATE OF meetings SKIP LOCKED)
				UPDATE meetings SET place = fresh FROM mine WHERE meetings.id = row`},
		{"meetings", "pin",
			`SELECT substr(pin, 1, 5), count(*) FROM meetings WHERE pin <> '' GROUP BY 1`,
			`SELECT meetings.id, id::text, pin FROM meetings
				WHERE meetings.id > $1 AND pin <> '' AND substr(pin, 1, 5) <> $2 ORDER BY meetings.id LIMIT $3`,
			`WITH allowed AS MATERIALIZED (SELECT set_config('koprik.resealing', 'on', true)),
				new AS MATERIALIZED (SELECT new.* FROM allowed, unnest($1::bigint[], $2::bytea[], $3::bytea[]) AS new (row, old, fresh)),
				mine AS MATERIALIZED (SELECT row, fresh FROM meetings JOIN new ON meetings.id = row
					WHERE meetings.pin = old FOR NO KEY UPDATE OF meetings SKIP LOCKED)
				UPDATE meetings SET pin = fresh FROM mine WHERE meetings.id = row`},
		{"meetings", "cause",
			`SELECT substr(cause, 1, 5), count(*) FROM meetings WHERE cause <> '' GROUP BY 1`,
			`SELECT meetings.id, id::text, cause FROM meetings
				WHERE meetings.id > $1 AND cause <> '' AND substr(cause, 1, 5) <> $2 ORDER BY meetings.id LIMIT $3`,
			`WITH allowed AS MATERIALIZED (SELECT set_config('koprik.resealing', 'on', true)),
				new AS MATERIALIZED (SELECT new.* FROM allowed, unnest($1::bigint[], $2::bytea[], $3::bytea[]) AS new (row, old, fresh)),
				mine AS MATERIALIZED (SELECT row, fresh FROM meetings JOIN new ON meetings.id = row
					WHERE meetings.cause = old FOR NO KEY UPDATE OF meetings SKIP LOCKED)
				UPDATE meetings SET cause = fresh FROM mine WHERE meetings.id = row`},
		{"hearings", "note",
			`SELECT substr(note, 1, 5), count(*) FROM hearings WHERE note <> '' GROUP BY 1`,
			`SELECT ` + hearingKey + `, meeting_id || '.' || item_id, note FROM hearings
				WHERE ` + hearingKey + ` > $1 AND note <> '' AND substr(note, 1, 5) <> $2 ORDER BY ` + hearingKey + ` LIMIT $3`,
			`WITH allowed AS MATERIALIZED (SELECT set_config('koprik.resealing', 'on', true)),
				new AS MATERIALIZED (SELECT new.* FROM allowed, unnest($1::bigint[], $2::bytea[], $3::bytea[]) AS new (row, old, fresh)),
				mine AS MATERIALIZED (SELECT row, fresh FROM hearings JOIN new ON ` + hearingKey + ` = row
					WHERE hearings.note = old FOR NO KEY UPDATE OF hearings SKIP LOCKED)
				UPDATE hearings SET note = fresh FROM mine WHERE ` + hearingKey + ` = row`},
		{"sittings", "remark",
			`SELECT substr(remark, 1, 5), count(*) FROM sittings WHERE remark <> '' GROUP BY 1`,
			`SELECT sittings.meeting_id, meeting_id::text, remark FROM sittings
				WHERE sittings.meeting_id > $1 AND remark <> '' AND substr(remark, 1, 5) <> $2 ORDER BY sittings.meeting_id LIMIT $3`,
			`WITH allowed AS MATERIALIZED (SELECT set_config('koprik.resealing', 'on', true)),
				new AS MATERIALIZED (SELECT new.* FROM allowed, unnest($1::bigint[], $2::bytea[], $3::bytea[]) AS new (row, old, fresh)),
				mine AS MATERIALIZED (SELECT row, fresh FROM sittings JOIN new ON sittings.meeting_id = row
					WHERE sittings.remark = old FOR NO KEY UPDATE OF sittings SKIP LOCKED)
				UPDATE sittings SET remark = fresh FROM mine WHERE sittings.meeting_id = row`},
		{"decisions", "words",
			`SELECT substr(words, 1, 5), count(*) FROM decisions WHERE words <> '' GROUP BY 1`,
			`SELECT decisions.id, id::text, words FROM decisions
				WHERE decisions.id > $1 AND words <> '' AND substr(words, 1, 5) <> $2 ORDER BY decisions.id LIMIT $3`,
			`WITH allowed AS MATERIALIZED (SELECT set_config('koprik.resealing', 'on', true)),
				new AS MATERIALIZED (SELECT new.* FROM allowed, unnest($1::bigint[], $2::bytea[], $3::bytea[]) AS new (row, old, fresh)),
				mine AS MATERIALIZED (SELECT row, fresh FROM decisions JOIN new ON decisions.id = row
					WHERE decisions.words = old FOR NO KEY UPDATE OF decisions SKIP LOCKED)
				UPDATE decisions SET words = fresh FROM mine WHERE decisions.id = row`},
		{"decisions", "name",
			`SELECT substr(name, 1, 5), count(*) FROM decisions WHERE name <> '' GROUP BY 1`,
			`SELECT decisions.id, id::text, name FROM decisions
				WHERE decisions.id > $1 AND name <> '' AND substr(name, 1, 5) <> $2 ORDER BY decisions.id LIMIT $3`,
			`WITH allowed AS MATERIALIZED (SELECT set_config('koprik.resealing', 'on', true)),
				new AS MATERIALIZED (SELECT new.* FROM allowed, unnest($1::bigint[], $2::bytea[], $3::bytea[]) AS new (row, old, fresh)),
				mine AS MATERIALIZED (SELECT row, fresh FROM decisions JOIN new ON decisions.id = row
					WHERE decisions.name = old FOR NO KEY UPDATE OF decisions SKIP LOCKED)
				UPDATE decisions SET name = fresh FROM mine WHERE decisions.id = row`},
		{"corrections", "words",
			`SELECT substr(words, 1, 5), count(*) FROM corrections WHERE words <> '' GROUP BY 1`,
			`SELECT corrections.id, id::text, words FROM corrections
				WHERE corrections.id > $1 AND words <> '' AND substr(words, 1, 5) <> $2 ORDER BY corrections.id LIMIT $3`,
			`WITH allowed AS MATERIALIZED (SELECT set_config('koprik.resealing', 'on', true)),
				new AS MATERIALIZED (SELECT new.* FROM allowed, unnest($1::bigint[], $2::bytea[], $3::bytea[]) AS new (row, old, fresh)),
				mine AS MATERIALIZED (SELECT row, fresh FROM corrections JOIN new ON corrections.id = row
					WHERE corrections.words = old FOR NO KEY UPDATE OF corrections SKIP LOCKED)
				UPDATE corrections SET words = fresh FROM mine WHERE corrections.id = row`},
		{"recurring", "texts",
			`SELECT substr(texts, 1, 5), count(*) FROM recurring WHERE texts <> '' GROUP BY 1`,
			`SELECT recurring.id, id::text, texts FROM recurring
				WHERE recurring.id > $1 AND texts <> '' AND substr(texts, 1, 5) <> $2 ORDER BY recurring.id LIMIT $3`,
			`WITH allowed AS MATERIALIZED (SELECT set_config('koprik.resealing', 'on', true)),
				new AS MATERIALIZED (SELECT new.* FROM allowed, unnest($1::bigint[], $2::bytea[], $3::bytea[]) AS new (row, old, fresh)),
				mine AS MATERIALIZED (SELECT row, fresh FROM recurring JOIN new ON recurring.id = row
					WHERE recurring.texts = old FOR NO KEY UPDATE OF recurring SKIP LOCKED)
				UPDATE recurring SET texts = fresh FROM mine WHERE recurring.id = row`},
	}
}
