package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"runtime/pprof"
	"text/tabwriter"

	"github.com/jackc/pgx/v5"
)

// profile keeps where time goes while the bot is measured: the processor time
// of this process, and PostgreSQL's statements.
type profile struct {
	servers *servers
	dir     string
	cpu     *os.File
	runs    int
}

// startProfile begins a profile; without a directory it does nothing.
func (b *bench) startProfile(ctx context.Context) (*profile, error) {
	p := &profile{servers: b.servers, dir: b.options.profile}
	if p.dir == "" {
		return p, nil
	}
	if err := os.MkdirAll(p.dir, 0o755); err != nil {
		return nil, err
	}
	if b.servers.statements {
		return p, b.servers.exec(ctx, b.servers.admin, "SELECT pg_stat_statements_reset()")
	}
	return p, nil
}

// during profiles one run of the bot.
func (p *profile) during(run func() error) (err error) {
	if p.dir == "" {
		return run()
	}
	p.runs++
	if p.cpu, err = os.Create(filepath.Join(p.dir, fmt.Sprintf("cpu%d.pprof", p.runs))); err != nil {
		return err
	}
	defer func() { err = firstError(err, p.cpu.Close()) }()
	if err := pprof.StartCPUProfile(p.cpu); err != nil {
		return err
	}
	defer pprof.StopCPUProfile()
	return run()
}

func firstError(a, b error) error {
	if a != nil {
		return a
	}
	return b
}

// end writes down the dearest statements.
func (p *profile) end(ctx context.Context) (err error) {
	if p.dir == "" || !p.servers.statements {
		return nil
	}
	conn, err := pgx.Connect(ctx, p.servers.admin)
	if err != nil {
		return err
	}
	defer func() { err = firstError(err, conn.Close(ctx)) }()
	rows, err := conn.Query(ctx, `
		SELECT datname, calls, total_exec_time, mean_exec_time, plans, total_plan_time, rows, shared_blks_hit + shared_blks_read, wal_bytes::float8,
			left(regexp_replace(query, '\s+', ' ', 'g'), 110)
		FROM pg_stat_statements JOIN pg_database ON pg_database.oid = dbid
		ORDER BY datname, total_exec_time + total_plan_time DESC`)
	if err != nil {
		return err
	}
	file, err := os.Create(filepath.Join(p.dir, "statements.txt"))
	if err != nil {
		return err
	}
	defer func() { err = firstError(err, file.Close()) }()
	w := tabwriter.NewWriter(file, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(w, "database\tcalls\ttotal ms\tmean ms\tplans\tplanning ms\trows\tblocks\twal bytes a call\t  statement")
	for rows.Next() {
		var name, query string
		var calls, plans, returned, blocks int64
		var total, mean, planning, wal float64
		if err := rows.Scan(&name, &calls, &total, &mean, &plans, &planning, &returned, &blocks, &wal, &query); err != nil {
			return err
		}
		fmt.Fprintf(w, "%s\t%d\t%.0f\t%.3f\t%d\t%.0f\t%d\t%d\t%.0f\t  %s\n", name, calls, total, mean, plans, planning, returned, blocks, wal/float64(calls), query)
	}
	return firstError(rows.Err(), w.Flush())
}
