package storage

// sealedColumn is a column whose values are sealed with the keys that rotate. A
// value names its key in its first five bytes, so how far a rotation has come
// is written nowhere: it is seen.
type sealedColumn struct {
	table, column string
	count         string // how many values each key has sealed
	next          string // values of other keys than $2 behind a row: the row, how the seal names it, the value
	put           string // sealed anew, where nobody has changed the value since; who holds the row is passed over
}

// handoverKey stands for the place of a row of handovers, whose key is a hash.
const handoverKey = `('x' || left(encode(token_hash, 'hex'), 15))::bit(60)::bigint`

// sealedColumns are all columns that the rotating keys seal. Every other column
// of bytes is among unsealedColumns.
func sealedColumns() []sealedColumn { return append(sealedOfCases(), sealedOfCommissions()...) }

func sealedOfCases() []sealedColumn {
	return []sealedColumn{
		{"people", "name",
			`SELECT substr(name, 1, 5), count(*) FROM people WHERE name <> '' GROUP BY 1`,
			`SELECT id, id::text, name FROM people
				WHERE id > $1 AND name <> '' AND substr(name, 1, 5) <> $2 ORDER BY people.id LIMIT $3`,
			`WITH new AS MATERIALIZED (SELECT * FROM unnest($1::bigint[], $2::bytea[], $3::bytea[]) AS new (row, old, fresh)),
				mine AS MATERIALIZED (SELECT row, fresh FROM people JOIN new ON people.id = row
					WHERE name = old FOR NO KEY UPDATE OF people SKIP LOCKED)
				UPDATE people SET name = fresh FROM mine WHERE people.id = row`},
		{"people", "phone",
			`SELECT substr(phone, 1, 5), count(*) FROM people WHERE phone <> '' GROUP BY 1`,
			`SELECT id, id::text, phone FROM people
				WHERE id > $1 AND phone <> '' AND substr(phone, 1, 5) <> $2 ORDER BY people.id LIMIT $3`,
			`WITH new AS MATERIALIZED (SELECT * FROM unnest($1::bigint[], $2::bytea[], $3::bytea[]) AS new (row, old, fresh)),
				mine AS MATERIALIZED (SELECT row, fresh FROM people JOIN new ON people.id = row
					WHERE phone = old FOR NO KEY UPDATE OF people SKIP LOCKED)
				UPDATE people SET phone = fresh FROM mine WHERE people.id = row`},
		{"dialogues", "data",
			`SELECT substr(data, 1, 5), count(*) FROM dialogues WHERE data <> '' GROUP BY 1`,
			`SELECT person_id, person_id::text, data FROM dialogues
				WHERE person_id > $1 AND data <> '' AND substr(data, 1, 5) <> $2 ORDER BY dialogues.person_id LIMIT $3`,
			`WITH new AS MATERIALIZED (SELECT * FROM unnest($1::bigint[], $2::bytea[], $3::bytea[]) AS new (row, old, fresh)),
				mine AS MATERIALIZED (SELECT row, fresh FROM dialogues JOIN new ON dialogues.person_id = row
					WHERE data = old FOR NO KEY UPDATE OF dialogues SKIP LOCKED)
				UPDATE dialogues SET data = fresh FROM mine WHERE dialogues.person_id = row`},
		{"reports", "words",
			`SELECT substr(words, 1, 5), count(*) FROM reports WHERE words <> '' GROUP BY 1`,
			`SELECT id, id::text, words FROM reports
				WHERE id > $1 AND words <> '' AND substr(words, 1, 5) <> $2 ORDER BY reports.id LIMIT $3`,
			`WITH new AS MATERIALIZED (SELECT * FROM unnest($1::bigint[], $2::bytea[], $3::bytea[]) AS new (row, old, fresh)),
				mine AS MATERIALIZED (SELECT row, fresh FROM reports JOIN new ON reports.id = row
					WHERE words = old FOR NO KEY UPDATE OF reports SKIP LOCKED)
				UPDATE reports SET words = fresh FROM mine WHERE reports.id = row`},
		{"attachments", "file",
			`SELECT substr(file, 1, 5), count(*) FROM attachments WHERE file <> '' GROUP BY 1`,
			`SELECT id, id::text, file FROM attachments
				WHERE id > $1 AND file <> '' AND substr(file, 1, 5) <> $2 ORDER BY attachments.id LIMIT $3`,
			`WITH new AS MATERIALIZED (SELECT * FROM unnest($1::bigint[], $2::bytea[], $3::bytea[]) AS new (row, old, fresh)),
				mine AS MATERIALIZED (SELECT row, fresh FROM attachments JOIN new ON attachments.id = row
					WHERE file = old FOR NO KEY UPDATE OF attachments SKIP LOCKED)
				UPDATE attachments SET file = fresh FROM mine WHERE attachments.id = row`},
		{"attachments", "caption",
			`SELECT substr(caption, 1, 5), count(*) FROM attachments WHERE caption <> '' GROUP BY 1`,
			`SELECT id, id::text, caption FROM attachments
				WHERE id > $1 AND caption <> '' AND substr(caption, 1, 5) <> $2 ORDER BY attachments.id LIMIT $3`,
			`WITH new AS MATERIALIZED (SELECT * FROM unnest($1::bigint[], $2::bytea[], $3::bytea[]) AS new (row, old, fresh)),
				mine AS MATERIALIZED (SELECT row, fresh FROM attachments JOIN new ON attachments.id = row
					WHERE caption = old FOR NO KEY UPDATE OF attachments SKIP LOCKED)
				UPDATE attachments SET caption = fresh FROM mine WHERE attachments.id = row`},
		{"case_events", "words",
			`SELECT substr(words, 1, 5), count(*) FROM case_events WHERE words <> '' GROUP BY 1`,
			`SELECT id, id::text, words FROM case_events
				WHERE id > $1 AND words <> '' AND substr(words, 1, 5) <> $2 ORDER BY case_events.id LIMIT $3`,
			`WITH new AS MATERIALIZED (SELECT * FROM unnest($1::bigint[], $2::bytea[], $3::bytea[]) AS new (row, old, fresh)),
				mine AS MATERIALIZED (SELECT row, fresh FROM case_events JOIN new ON case_events.id = row
					WHERE words = old FOR NO KEY UPDATE OF case_events SKIP LOCKED)
				UPDATE case_events SET words = fresh FROM mine WHERE case_events.id = row`},
		{"behalves", "name",
			`SELECT substr(name, 1, 5), count(*) FROM behalves WHERE name <> '' GROUP BY 1`,
			`SELECT case_id, case_id::text, name FROM behalves
				WHERE case_id > $1 AND name <> '' AND substr(name, 1, 5) <> $2 ORDER BY behalves.case_id LIMIT $3`,
			`WITH new AS MATERIALIZED (SELECT * FROM unnest($1::bigint[], $2::bytea[], $3::bytea[]) AS new (row, old, fresh)),
				mine AS MATERIALIZED (SELECT row, fresh FROM behalves JOIN new ON behalves.case_id = row
					WHERE name = old FOR NO KEY UPDATE OF behalves SKIP LOCKED)
				UPDATE behalves SET name = fresh FROM mine WHERE behalves.case_id = row`},
		{"behalves", "phone",
			`SELECT substr(phone, 1, 5), count(*) FROM behalves WHERE phone <> '' GROUP BY 1`,
			`SELECT case_id, case_id::text, phone FROM behalves
				WHERE case_id > $1 AND phone <> '' AND substr(phone, 1, 5) <> $2 ORDER BY behalves.case_id LIMIT $3`,
			`WITH new AS MATERIALIZED (SELECT * FROM unnest($1::bigint[], $2::bytea[], $3::bytea[]) AS new (row, old, fresh)),
				mine AS MATERIALIZED (SELECT row, fresh FROM behalves JOIN new ON behalves.case_id = row
					WHERE phone = old FOR NO KEY UPDATE OF behalves SKIP LOCKED)
				UPDATE behalves SET phone = fresh FROM mine WHERE behalves.case_id = row`},
		{"outbox", "args",
			`SELECT substr(args, 1, 5), count(*) FROM outbox WHERE args <> '' GROUP BY 1`,
			`SELECT id, person_id || '.' || kind || '.' || case_id, args FROM outbox
				WHERE id > $1 AND args <> '' AND substr(args, 1, 5) <> $2 ORDER BY outbox.id LIMIT $3`,
			`WITH new AS MATERIALIZED (SELECT * FROM unnest($1::bigint[], $2::bytea[], $3::bytea[]) AS new (row, old, fresh)),
				mine AS MATERIALIZED (SELECT row, fresh FROM outbox JOIN new ON outbox.id = row
					WHERE args = old FOR NO KEY UPDATE OF outbox SKIP LOCKED)
				UPDATE outbox SET args = fresh FROM mine WHERE outbox.id = row`},
		// A worker passes over a head that is locked, so the chat is held as a worker does.
		{"inbox", "payload",
			`SELECT substr(payload, 1, 5), count(*) FROM inbox WHERE payload <> '' GROUP BY 1`,
			`SELECT id, dedup, payload FROM inbox
				WHERE id > $1 AND payload <> '' AND substr(payload, 1, 5) <> $2 ORDER BY inbox.id LIMIT $3`,
			`WITH new AS MATERIALIZED (SELECT * FROM unnest($1::bigint[], $2::bytea[], $3::bytea[]) AS new (row, old, fresh)),
				mine AS MATERIALIZED (SELECT row, fresh FROM inbox JOIN new ON inbox.id = row
					WHERE payload = old
					AND pg_try_advisory_xact_lock(1, hashint8(chat_id)) FOR NO KEY UPDATE OF inbox SKIP LOCKED)
				UPDATE inbox SET payload = fresh FROM mine WHERE inbox.id = row`},
		{"handovers", "words",
			`SELECT substr(words, 1, 5), count(*) FROM handovers WHERE words <> '' GROUP BY 1`,
			`SELECT ` + handoverKey + `, encode(token_hash, 'hex'), words FROM handovers
				WHERE ` + handoverKey + ` > $1 AND words <> '' AND substr(words, 1, 5) <> $2 ORDER BY ` + handoverKey + ` LIMIT $3`,
			`WITH new AS MATERIALIZED (SELECT * FROM unnest($1::bigint[], $2::bytea[], $3::bytea[]) AS new (row, old, fresh)),
				mine AS MATERIALIZED (SELECT row, fresh FROM handovers JOIN new ON ` + handoverKey + ` = row
					WHERE words = old FOR NO KEY UPDATE OF handovers SKIP LOCKED)
				UPDATE handovers SET words = fresh FROM mine WHERE ` + handoverKey + ` = row`},
	}
}

// unsealedColumns are the columns of bytes that no rotating key seals, and why.
func unsealedColumns() map[string]string {
	return map[string]string{
		"people.phone_mac":       "a hash under the key of look-ups, which stays",
		"invitations.token_hash": "a hash under the key of look-ups, which stays",
		"handovers.token_hash":   "a hash under the key of look-ups, which stays",
		"links.look_up":          "a hash under the key of links, which stays",
		"links.person":           "sealed under the key of links, which stays; deleted some time after the case",
		"case_events.mac":        "a hash of the row in the chain of the history",
		"audit_log.mac":          "a hash of the row in the chain of the history",
		"anchors.hash":           "a link of the chain of the history",
		"keys.fingerprint":       "says nothing of the key",
		"cards.hash":             "of a screen, to know it again",
		"boundaries.geometry":    "where places lie is no secret",
		"parties.token_hash":     "a hash under the key of look-ups, which stays",
		"feeds.token_hash":       "a hash under the key of look-ups, which stays",
		"series.place":           "is always empty: a series meets at the usual place",
		"series.pin":             "is always empty: a series meets at the usual place",
	}
}
