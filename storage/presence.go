package storage

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
)

// replicaLocks is the class of the advisory locks that mean "this replica lives".
const replicaLocks = 3

const (
	signEvery = time.Second     // between two signs of life
	signTime  = 3 * time.Second // for one of them
	// graceSigns is how many signs a replica gives before it judges others: when
	// PostgreSQL comes back, all of them look dead for a moment. One that has just been
	// started beside a PostgreSQL that had been there before has lost nobody from sight,
	// and judges at once.
	graceSigns = 4
)

// presence is the sign that this replica lives: a row, and an advisory lock on
// a connection of its own, which is gone with the process.
type presence struct {
	db    *DB
	id    int32
	conn  *pgx.Conn // nil while the database is away
	signs int       // on this connection, one after the other
	grace int       // signs before it judges others
}

// Appear makes this replica known to the others until leave is called. When it
// dies without leaving, another one notices within seconds and takes over the
// chats that it was sending to; otherwise they would wait for their leases.
func (db *DB) Appear(ctx context.Context) (leave func(), err error) {
	p := &presence{db: db}
	if err := p.enter(ctx); err != nil {
		return nil, err
	}
	if p.grace == 0 { // and else with the first sign
		one, cancel := context.WithTimeout(ctx, signEvery)
		_ = db.bury(one, p.id)
		cancel()
	}
	alive, end := context.WithCancel(context.WithoutCancel(ctx))
	done := make(chan struct{})
	go func() {
		defer close(done)
		p.live(alive)
	}()
	return func() { end(); <-done }, nil
}

// Replicas is how many replicas live, this one included, as it was last seen.
func (db *DB) Replicas() int { return max(1, int(db.replicas.Load())) }

// live gives a sign every second. A connection that breaks is made anew, under
// the same id: what this replica has in hand stays its own.
func (p *presence) live(ctx context.Context) {
	ticker := time.NewTicker(signEvery)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			p.leave()
			return
		case <-ticker.C:
		}
		one, cancel := context.WithTimeout(ctx, signTime)
		err := p.sign(one)
		cancel()
		if err != nil && ctx.Err() == nil {
			p.lose()
		}
	}
}

// sign says that this replica lives and looks after the others.
func (p *presence) sign(ctx context.Context) error {
	if p.conn == nil {
		return p.enter(ctx)
	}
	if err := p.touch(ctx); err != nil {
		return err
	}
	if p.signs++; p.signs < p.grace {
		return nil
	}
	return p.db.bury(ctx, p.id)
}

// enter connects, takes the lock and writes the row.
func (p *presence) enter(ctx context.Context) error {
	conn, err := pgx.ConnectConfig(ctx, p.db.work.Config().ConnConfig.Copy())
	if err != nil {
		return wrap(err)
	}
	p.conn, p.signs, p.grace = conn, 0, graceSigns
	if p.id == 0 {
		stood := false
		err = conn.QueryRow(ctx, `INSERT INTO replicas DEFAULT VALUES
			RETURNING id, pg_postmaster_start_time() < now() - interval '10 seconds'`).Scan(&p.id, &stood)
		if stood {
			p.grace = 0
		}
	}
	mine := false
	if err == nil {
		err = conn.QueryRow(ctx, "SELECT pg_try_advisory_lock($1, $2)", replicaLocks, p.id).Scan(&mine)
	}
	if err == nil && !mine {
		err = fmt.Errorf("storage: replica %d still has its old lock", p.id)
	}
	if err == nil {
		err = p.touch(ctx)
	}
	if err == nil && p.grace == 0 {
		err = p.db.findDead(ctx, conn, p.id)
	}
	if err != nil {
		p.lose()
		return wrap(err)
	}
	p.db.replica.Store(p.id)
	return nil
}

// touch renews the row, which may have been removed meanwhile, and counts. It
// also says which keys this replica holds, and follows the ones that the database
// names: see rotate.go.
func (p *presence) touch(ctx context.Context) error {
	var count int32
	var wanted wantedKeys
	holds, seals := p.db.seals.held()
	asked := p.db.moment()
	err := p.conn.QueryRow(ctx, `
		WITH sign AS (
			INSERT INTO replicas (id, seen_at, holds, seals_with) OVERRIDING SYSTEM VALUE VALUES ($1, now(), $2, $3)
			ON CONFLICT (id) DO UPDATE SET seen_at = now(), holds = excluded.holds, seals_with = excluded.seals_with)
		SELECT (SELECT count(*) FROM replicas WHERE id <> $1), ARRAY(`+knownKeyIDs+`), (`+primaryKey+`)`,
		p.id, holds, seals).Scan(&count, &wanted.ids, &wanted.primary)
	if err != nil {
		return wrap(err)
	}
	p.db.replicas.Store(count + 1)
	p.db.learn(wanted, asked, true)
	return nil
}

// lose gives up a connection that broke. What is claimed until there is another
// one is protected by its lease alone.
func (p *presence) lose() {
	p.db.replica.Store(0)
	if p.conn != nil {
		closeSoon(p.conn)
		p.conn = nil
	}
}

// leave takes the row away, so that the others do not count on this replica.
func (p *presence) leave() {
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	if p.conn != nil {
		_, _ = p.conn.Exec(ctx, "DELETE FROM replicas WHERE id = $1", p.id) // the others notice it themselves
	}
	p.lose()
}

// bury removes replicas that are dead, and frees the chats that they were
// sending to. A replica is dead when nobody holds its lock and it has given no
// sign for three seconds: one that only lost its connection comes back sooner.
func (db *DB) bury(ctx context.Context, self int32) error {
	return db.InTx(ctx, func(tx *Tx) error {
		var dead []int32
		err := tx.read(`
			DELETE FROM replicas WHERE id IN (
				SELECT id FROM replicas
				WHERE id <> $1 AND seen_at < now() - interval '3 seconds' AND pg_try_advisory_xact_lock($2, id)
				FOR UPDATE SKIP LOCKED)
			RETURNING id, `+mostLived,
			func(rows pgx.Rows) error {
				var id int32
				var lived time.Time
				err := rows.Scan(&id, &lived)
				dead = append(dead, id)
				db.foundDead(lived)
				return err
			}, self, replicaLocks)
		if err != nil || len(dead) == 0 {
			return err
		}
		tx.free(dead, nil)
		if db.wake != nil {
			tx.AfterCommit(db.wake)
		}
		return nil
	})
}
